package dev.doppel.gateway.http;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Listen;
import dev.doppel.DoppelConfig.Tls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with long headers get the same responses over HTTP/1.1 and HTTP/2. */
class HeaderLimitTest {

  private static final List<String> PATHS =
      List.of(
          "/health",
          "/v2/vectordb/users/list",
          "/api/v2/users",
          "/cloudapi/1.0.0/users",
          "/v1/users/profile",
          "/_doppel/operations",
          "/nowhere");

  private record Answer(int status, String body) {}

  private final Vertx vertx = Vertx.vertx();
  private Optional<Doppel> started = Optional.empty();

  @AfterEach
  void close() {
    started.ifPresent(Doppel::close);
    await(vertx.close());
  }

  private Doppel start(boolean tls) {
    var listen =
        new Listen(
            "127.0.0.1", 0, false, tls ? Optional.of(new Tls.SelfSigned()) : Optional.empty());
    var doppel = Doppel.start(DoppelConfig.DEFAULT.toBuilder().listen(listen).build());
    started = Optional.of(doppel);
    return doppel;
  }

  private HttpClient client(Doppel doppel, HttpVersion version) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setDefaultHost("127.0.0.1")
            .setDefaultPort(doppel.uri().getPort())
            .setProtocolVersion(version)
            .setHttp2ClearTextUpgrade(false)
            .setSsl(doppel.uri().getScheme().equals("https"))
            .setUseAlpn(true)
            .setVerifyHost(false)
            .setTrustAll(true)
            .setHttp2MultiplexingLimit(100));
  }

  /**
   * @param header length of one header
   */
  private static Answer get(HttpClient client, String path, int header) {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setURI(path)
            .putHeader("X-Long", "x".repeat(header));
    return await(
        client
            .request(options)
            .compose(request -> request.send())
            .compose(
                answer ->
                    answer
                        .body()
                        .compose(
                            body ->
                                Future.succeededFuture(
                                    new Answer(answer.statusCode(), shown(body))))));
  }

  /** Returns the body without generated IDs. */
  private static String shown(Buffer body) {
    return body.toString().replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "ID");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void headersUpToLimit_areAccepted(boolean tls) {
    var client = client(start(tls), HttpVersion.HTTP_2);
    for (var length : List.of(7 << 10, 9 << 10, 31 << 10)) {
      assertThat(get(client, "/health", length).status()).as(length + " bytes").isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tooLongHeaders_areRejectedAsOverHttp1(boolean tls) {
    var doppel = start(tls);
    var older = client(doppel, HttpVersion.HTTP_1_1);
    var newer = client(doppel, HttpVersion.HTTP_2);
    for (var path : PATHS) {
      var expected = get(older, path, 40 << 10);
      assertThat(expected.status()).as(path).isIn(413, 431);
      for (var length : List.of(33 << 10, 40 << 10, 200 << 10)) {
        assertThat(get(newer, path, length)).as(path).isEqualTo(expected);
      }
    }
    assertThat(get(newer, "/health", 1).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {17 << 10, 100 << 10})
  void tooLongRequestLine_isRejectedAsOverHttp1(int length) {
    var doppel = start(false);
    var path = "/" + "x".repeat(length);
    var expected = get(client(doppel, HttpVersion.HTTP_1_1), path, 1);
    assertThat(expected.status()).isEqualTo(414);
    assertThat(get(client(doppel, HttpVersion.HTTP_2), path, 1)).isEqualTo(expected);
  }

  /** Other requests on the same connection are still served. */
  @ParameterizedTest
  @ValueSource(strings = {"/api/v2/users", "/_doppel/operations"})
  void rejection_keepsConnectionOpen(String path) {
    var client = client(start(false), HttpVersion.HTTP_2);
    var first = await(client.request(HttpMethod.GET, "/health"));
    var closed = new AtomicBoolean();
    first.connection().closeHandler(done -> closed.set(true));
    assertThat(get(client, path, 40 << 10).status()).isIn(413, 431);
    assertThat(await(first.send()).statusCode()).isEqualTo(200);
    assertThat(closed).isFalse();
  }
}
