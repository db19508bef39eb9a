package dev.doppel.milvus;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Serves {@code GET /healthz} on the server's management port, for probes of containers (2.6.19:
 * internal/http/healthz). The server is reported as healthy, as JSON if that is the content type of
 * the request, else as text. Nothing else is served there.
 */
public final class MilvusHealth implements Handler<HttpServerRequest> {

  /** The server's default port. */
  public static final int PORT = 9091;

  private static final String PATH = "/healthz";

  /** The one component that is emulated, and the code for healthy. */
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
        // The server sets the type too late, and sends the one that its library guesses from the
        // text.
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end(found ? (json ? DETAILS : "OK") : "404 page not found\n");
  }
}
