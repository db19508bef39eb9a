package dev.doppel.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/** JSON responses of the gateway itself, outside of any dialect. */
public final class Json {

  private Json() {}

  /** Sends a response and a line feed after its body. */
  public static void send(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body.encode() + "\n");
  }
}
