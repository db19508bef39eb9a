package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.influxdb.client.InfluxDBClient;
import com.influxdb.client.InfluxDBClientFactory;
import com.influxdb.client.domain.User;
import com.influxdb.exceptions.InfluxException;
import com.influxdb.exceptions.NotFoundException;
import com.influxdb.exceptions.UnauthorizedException;
import com.influxdb.exceptions.UnprocessableEntityException;
import dev.doppel.dialect.Fidelity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The vendor's own Java client, unmodified. */
class InfluxClientTest {

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private TestServer server;
  private InfluxDBClient operator;

  @BeforeEach
  void start() {
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    server = new TestServer(vertx, new InfluxDialect(realm.realm(), Fidelity.DOCUMENTED));
    operator = InfluxDBClientFactory.create(url(), TestRealm.OPERATOR_TOKEN.toCharArray());
  }

  @AfterEach
  void stop() {
    operator.close();
    server.close();
    realm.close();
    Await.await(vertx.close());
  }

  private String url() {
    return "http://127.0.0.1:" + server.port();
  }

  private InfluxDBClient signedIn(String password) {
    return InfluxDBClientFactory.create(url(), "alice", password.toCharArray());
  }

  @Test
  void system_readyPingVersion() {
    assertThat(operator.ready().getStatus()).hasToString("ready");
    assertThat(operator.ping()).isTrue();
    assertThat(operator.version()).isEqualTo("v2.9.1");
  }

  @Test
  void users_createFindUpdateDelete() {
    var users = operator.getUsersApi();
    var carol = users.createUser("carol");
    assertThat(carol.getStatus()).isEqualTo(User.StatusEnum.ACTIVE);
    assertThat(users.findUserByID(carol.getId()).getName()).isEqualTo("carol");
    assertThat(users.findUsers()).extracting(User::getName).contains("root", "alice", "carol");

    carol.setName("caroline");
    assertThat(users.updateUser(carol).getName()).isEqualTo("caroline");

    users.deleteUser(carol);
    assertThatThrownBy(() -> users.findUserByID(carol.getId()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("user not found");
  }

  @Test
  void users_duplicateIsTheClientsOwnException() {
    assertThatThrownBy(() -> operator.getUsersApi().createUser("alice"))
        .isInstanceOf(UnprocessableEntityException.class)
        .hasMessageContaining("user with name alice already exists");
  }

  @Test
  void me_byTokenAndBySession() {
    assertThat(operator.getUsersApi().me().getName()).isEqualTo("root");
    try (var alice = signedIn(TestRealm.PASSWORD)) {
      assertThat(alice.getUsersApi().me().getName()).isEqualTo("alice");
    }
  }

  @Test
  void password_setByTheOperator() {
    var users = operator.getUsersApi();
    var alice =
        users.findUsers().stream()
            .filter(u -> u.getName().equals("alice"))
            .findFirst()
            .orElseThrow();
    users.updateUserPassword(alice, TestRealm.PASSWORD, "set-by-operator");
    try (var client = signedIn("set-by-operator")) {
      assertThat(client.getUsersApi().me().getName()).isEqualTo("alice");
    }
  }

  @Test
  void password_changedByItsOwnerInASession() {
    try (var alice = signedIn(TestRealm.PASSWORD)) {
      alice.getUsersApi().meUpdatePassword(TestRealm.PASSWORD, "changed-by-alice");
    }
    try (var alice = signedIn("changed-by-alice")) {
      assertThat(alice.getUsersApi().me().getName()).isEqualTo("alice");
    }
    try (var alice = signedIn(TestRealm.PASSWORD)) {
      assertThatThrownBy(() -> alice.getUsersApi().me()).isInstanceOf(InfluxException.class);
    }
  }

  @Test
  void close_signsOut() {
    var alice = signedIn(TestRealm.PASSWORD);
    assertThat(alice.getUsersApi().me().getName()).isEqualTo("alice");
    alice.close();
    assertThatThrownBy(() -> alice.getUsersApi().me())
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageContaining("unauthorized access");
  }
}
