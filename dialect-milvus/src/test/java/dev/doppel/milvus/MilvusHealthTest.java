package dev.doppel.milvus;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MilvusHealthTest {

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server =
      await(vertx.createHttpServer().requestHandler(new MilvusHealth()).listen(0, "127.0.0.1"));

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void probes_areTold_thatTheServerIsHealthy() throws IOException, InterruptedException {
    assertThat(get("/healthz").body()).isEqualTo("OK");
    assertThat(get("/healthz", "Content-Type", "application/json").body())
        .isEqualTo("{\"state\":\"OK\",\"detail\":[{\"name\":\"proxy\",\"code\":1}]}");
    var health = get("/api/v1/health");
    assertThat(health.body()).isEqualTo("{\"status\":\"ok\"}");
    assertThat(health.headers().firstValue("content-type"))
        .contains("application/json; charset=utf-8");
    assertThat(get("/api/v1/credential/users").statusCode()).isEqualTo(404);
  }

  @Test
  void metrics_areInTheFormOfPrometheus() throws IOException, InterruptedException {
    assertThat(get("/metrics").body())
        .contains("# TYPE milvus_num_node gauge\nmilvus_num_node{")
        .endsWith("} 1\n");
  }
}
