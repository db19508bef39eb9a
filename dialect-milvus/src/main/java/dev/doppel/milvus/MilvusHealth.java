package dev.doppel.milvus;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/**
 * Serves what probes of containers and of monitoring ask on the server's management port (2.6.19:
 * internal/http): {@code GET /healthz}, {@code /api/v1/health} and {@code /metrics}. The server is
 * reported as healthy; of its metrics there is the number of its nodes. Nothing else is served
 * there.
 */
public final class MilvusHealth implements Handler<HttpServerRequest> {

  /** The server's default port. */
  public static final int PORT = 9091;

  private static final String TEXT = "text/plain; charset=utf-8";

  /** The one component that is emulated, and the code for healthy. */
  private static final String DETAILS =
      "{\"state\":\"OK\",\"detail\":[{\"name\":\"proxy\",\"code\":1}]}";

  private static final String METRICS =
      """
      # HELP milvus_num_node number of nodes and coordinates
      # TYPE milvus_num_node gauge
      milvus_num_node{node_id="1",role_name="proxy"} 1
      """;

  private record Answer(int status, String type, String body) {}

  @Override
  public void handle(HttpServerRequest request) {
    var answer = answer(request);
    request
        .response()
        .setStatusCode(answer.status())
        .putHeader("Content-Type", answer.type())
        .end(answer.body());
  }

  private static Answer answer(HttpServerRequest request) {
    return switch (request.path()) {
      // The server sets the type too late, and sends the one that its library guesses from the
      // text.
      case "/healthz" ->
          new Answer(
              200,
              TEXT,
              "application/json".equals(request.getHeader("Content-Type")) ? DETAILS : "OK");
      case "/api/v1/health" ->
          new Answer(200, "application/json; charset=utf-8", "{\"status\":\"ok\"}");
      case "/metrics" -> new Answer(200, "text/plain; version=0.0.4; charset=utf-8", METRICS);
      default -> new Answer(404, TEXT, "404 page not found\n");
    };
  }
}
