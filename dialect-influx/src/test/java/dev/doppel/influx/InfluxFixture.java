package dev.doppel.influx;

import static dev.doppel.testkit.Await.await;

import dev.doppel.dialect.Fidelity;
import dev.doppel.influx.InfluxDialect.Permission;
import dev.doppel.influx.InfluxDialect.Settings;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.SteppedStorage;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.testkit.TestServer.Answer;
import dev.doppel.users.Organization;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A server in observed fidelity, with the users of a {@link TestRealm}. */
final class InfluxFixture implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  final SteppedStorage storage = new SteppedStorage(MvStorage.inMemory());
  final TestRealm test;
  private final TestServer server;

  private InfluxFixture(boolean blank, Fidelity fidelity) {
    test = blank ? TestRealm.blankOver(vertx, storage) : TestRealm.over(vertx, storage);
    server = new TestServer(vertx, new InfluxDialect(test.realm(), fidelity));
  }

  InfluxFixture() {
    this(Fidelity.OBSERVED);
  }

  InfluxFixture(Fidelity fidelity) {
    this(false, fidelity);
  }

  /** Starts a server without users. */
  static InfluxFixture blank() {
    return new InfluxFixture(true, Fidelity.OBSERVED);
  }

  /** Sends a request with the operator token. */
  Answer operator(String method, String path, String body) {
    return send(TestRealm.OPERATOR_TOKEN, method, path, body);
  }

  /** Sends a request with the operator token, and returns the id in the successful answer. */
  String create(String path, String body) {
    var answer = operator("POST", path, body);
    if (answer.status() != 201) {
      throw new AssertionError(answer);
    }
    var json = new JsonObject(answer.body());
    return json.getJsonObject("label", json).getString("id");
  }

  Answer send(String token, String method, String path, String body) {
    return send(method, path, List.of(Map.entry("Authorization", "Token " + token)), body);
  }

  Answer send(String method, String path, List<Map.Entry<String, String>> headers, String body) {
    return server.send(method, path, headers, body);
  }

  Organization organization() {
    return await(test.realm().organizations().defaultOrganization());
  }

  User user(String name) {
    return await(test.realm().users().find(name));
  }

  /**
   * Issues a token of alice, and returns it.
   *
   * @param permissions such as {@code read:buckets}
   */
  String token(String... permissions) {
    var secret = String.join("+", permissions);
    await(
        test.realm()
            .tokens()
            .issueAll(
                List.of(
                    InfluxDialect.token(
                        Settings.DEFAULT,
                        TokenHash.of(secret),
                        Optional.empty(),
                        user("alice"),
                        organization(),
                        "",
                        Stream.of(permissions).map(InfluxFixture::permission).toList()))));
    return secret;
  }

  private static Permission permission(String text) {
    var parts = text.split(":", 2);
    return new Permission(parts[0], parts[1], Optional.empty(), false);
  }

  static String message(Answer answer) {
    return new JsonObject(answer.body()).getString("message");
  }

  @Override
  public void close() {
    server.close();
    test.close();
    await(vertx.close());
  }
}
