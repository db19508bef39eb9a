package dev.doppel.milvus;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * What containers and their probes ask on the server's management port: {@code GET /healthz}
 * (2.6.19: internal/http/healthz). Whoever gets through is told that all is well, as text or, if
 * the request says so, as JSON. Nothing else is served there.
 */
public final class MilvusHealth implements Handler<HttpServerRequest> {

  /** The server's own. */
  public static final int PORT = 9091;

  private static final String PATH = "/healthz";

  /** The one part of a server that this is, and the code for healthy. */
  private static final String DETAILS =
      "{\"state\":\"OK\",\"detail\":[{\"name\":\"proxy\",\"code\":1}]}";

  @Override
  public void handle(HttpServerRequest request) {
    var found = PATH.equals(request.path());
    var json =
        Optional.ofNullable(request.getHeader("Content-Type"))
            .filter("application/json"::equals)
            .isPresent();
    request
        .response()
        .setStatusCode(found ? 200 : 404)
        // The server sets the type too late, and sends what its library guesses from the text.
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end(found ? (json ? DETAILS : "OK") : "404 page not found\n");
  }
}
