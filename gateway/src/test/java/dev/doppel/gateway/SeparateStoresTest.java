package dev.doppel.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Stores;
import dev.doppel.PlannedFault;
import dev.doppel.Seed;
import dev.doppel.SeedConflictException;
import dev.doppel.StartupException;
import dev.doppel.Vendors;
import dev.doppel.influx.InfluxOperation;
import dev.doppel.influx.InfluxVendor;
import dev.doppel.milvus.MilvusOperation;
import dev.doppel.store.MvStore;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import dev.doppel.users.Storage;
import dev.doppel.users.Store;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.rbac.request.CreateUserReq;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several products in one process: each dialect has a store of its own. */
class SeparateStoresTest {

  private static final String PASSWORD = "P@ssw0rd1";
  private static final String CHANGED = "N3w-P@ssw0rd";
  private static final String OPERATOR = "doppel-operator-token";

  private Doppel doppel;
  private Http http;

  @BeforeEach
  void start() {
    start(DoppelConfig.DEFAULT.toBuilder().stores(Stores.SEPARATE));
  }

  private void start(DoppelConfig.Builder config) {
    doppel = Doppel.start(config.port(0).build());
    http = new Http(doppel.uri());
  }

  private void restart(DoppelConfig.Builder config) {
    doppel.close();
    start(config);
  }

  @AfterEach
  void stop() {
    doppel.close();
  }

  private List<VendorClient> all() {
    return VendorClient.all(http);
  }

  private Stream<VendorClient.Maker> makers() {
    return all().stream()
        .filter(VendorClient.Maker.class::isInstance)
        .map(VendorClient.Maker.class::cast);
  }

  private VendorClient.Influx influx() {
    return new VendorClient.Influx(http);
  }

  private VendorClient.Milvus milvus() {
    return new VendorClient.Milvus(http);
  }

  /** Seeds a user whom every dialect finds. */
  private void seedAnn() {
    doppel.seed().user("ann").password(PASSWORD).put();
    assertThat(all()).allMatch(client -> client.finds("ann"));
  }

  private int influxStatus(String token) {
    return http.send("GET", "/api/v2/me", "", "Authorization", "Token " + token).statusCode();
  }

  @Nested
  class Users {

    @ParameterizedTest
    @EnumSource
    void newUser_isKnownToOtherDialectsOnlyIfShared(Stores stores) {
      restart(DoppelConfig.DEFAULT.toBuilder().stores(stores));
      assertThat(makers()).hasSizeGreaterThan(1);
      makers()
          .forEach(
              maker -> {
                var name = "user_" + maker.getClass().getSimpleName();
                maker.create(name, PASSWORD);
                for (var client : all()) {
                  var known = stores == Stores.SHARED || client.equals(maker);
                  assertThat(client.finds(name)).as("%s", client).isEqualTo(known);
                  assertThat(client.signsIn(name, PASSWORD)).as("%s", client).isEqualTo(known);
                }
              });
    }

    @Test
    void oneName_canBeUsedInEachDialect() {
      makers().forEach(maker -> maker.create("ann", PASSWORD));
      influx().delete("ann");
      assertThat(influx().finds("ann")).isFalse();
      assertThat(milvus().finds("ann")).isTrue();
      assertThat(milvus().signsIn("ann", PASSWORD)).isTrue();
    }

    @Test
    void oneName_isTakenInSharedStore() {
      restart(DoppelConfig.DEFAULT.toBuilder());
      milvus().create("ann", PASSWORD);
      var again =
          http.send(
              "POST", "/api/v2/users", "{\"name\":\"ann\"}", "Authorization", "Token " + OPERATOR);
      assertThat(again.statusCode()).isEqualTo(422);
    }

    @Test
    void passwordChange_staysInItsDialect() {
      for (var changer : all()) {
        seedAnn();
        changer.changePassword("ann", PASSWORD, CHANGED);
        for (var client : all()) {
          assertThat(client.signsIn("ann", CHANGED))
              .as("%s after %s", client, changer)
              .isEqualTo(client.equals(changer));
        }
        doppel.reset();
      }
    }

    @Test
    void tokens_belongToOneStore() {
      var found =
          http.send("GET", "/api/v2/authorizations", "", "Authorization", "Token " + OPERATOR);
      var id =
          new JsonObject(found.body())
              .getJsonArray("authorizations")
              .getJsonObject(0)
              .getString("id");
      seedAnn();
      var deleted =
          http.send(
              "DELETE", "/api/v2/authorizations/" + id, "", "Authorization", "Token " + OPERATOR);
      assertThat(deleted.statusCode()).isEqualTo(204);
      assertThat(influxStatus(OPERATOR)).isEqualTo(401);
      assertThat(new VendorClient.Workspace(http).finds("ann")).isTrue(); // with the same token
    }

    @Test
    void grpc_hasTheStoreOfItsDialect() {
      var client =
          new MilvusClientV2(
              ConnectConfig.builder()
                  .uri(doppel.uri().toString())
                  .token("root:Milvus")
                  .rpcDeadlineMs(5000)
                  .build());
      try {
        client.createUser(CreateUserReq.builder().userName("ann").password(PASSWORD).build());
      } finally {
        client.close();
      }
      for (var one : all()) {
        assertThat(one.finds("ann")).isEqualTo(one.equals(milvus()));
      }
    }
  }

  @Nested
  class Seeds {

    private static final String OF_SEVERAL =
        """
        roles: [{name: reader, extras: {milvus: {grants: [{privilege: Search}]}}}]
        users:
          - name: ann
            password: P@ssw0rd1
            roles: [reader]
            aliases:
              influx: 0123456789abcdef
              workspace: 0123456789abcdef01234567
            tokens:
              - {token: everywhere}
              - {token: limited, permissions: [{action: read, resource: {type: orgs}}]}
        """;

    private JsonObject ann(String dialect) {
      return new JsonObject(http.send("GET", "/_doppel/users?dialect=" + dialect, "").body())
          .getJsonArray("users")
          .getJsonObject(1);
    }

    @Test
    void everyStore_getsItsPart() {
      assertThat(http.control("POST", "seed", OF_SEVERAL))
          .isEqualTo("200 {\"organizations\":0,\"roles\":1,\"users\":1,\"tokens\":2}\n");
      assertThat(all()).allMatch(client -> client.finds("ann"));
      assertThat(all()).allMatch(client -> client.signsIn("ann", PASSWORD));
      assertThat(influxStatus("everywhere")).isEqualTo(200);
      var orgs = http.send("GET", "/api/v2/orgs", "", "Authorization", "Token limited");
      assertThat(orgs.statusCode()).isEqualTo(200);
      for (var vendor : Vendors.builtIn()) {
        assertThat(ann(vendor.name()).getJsonArray("roles")).containsExactly("reader");
      }
    }

    @Test
    void everyStore_getsTheConfiguredSeed_alsoAfterReset() {
      restart(
          DoppelConfig.DEFAULT.toBuilder().stores(Stores.SEPARATE).seed(Seed.parse(OF_SEVERAL)));
      assertThat(all()).allMatch(client -> client.signsIn("ann", PASSWORD));
      influx().delete("ann");
      milvus().create("bob", PASSWORD);
      doppel.reset();
      assertThat(all()).allMatch(client -> client.signsIn("ann", PASSWORD));
      assertThat(all()).noneMatch(client -> client.finds("bob"));
    }

    @Test
    void seedThatConflictsInOneStore_isLoadedIntoNone() {
      milvus().create("ann", PASSWORD);
      var seed = Seed.parse("users: [{name: bob}, {name: ann}]");
      assertThatThrownBy(() -> doppel.seed(seed))
          .isInstanceOf(SeedConflictException.class)
          .hasMessageStartingWith("users[1]: 'ann' is taken");
      assertThat(all()).noneMatch(client -> client.finds("bob"));
    }

    @Test
    void part_hasNothingOfOtherDialects() {
      var whole = Seed.parse(OF_SEVERAL);
      var configs =
          dev.doppel.gateway.realm.OpenStore.configs(
              DoppelConfig.DEFAULT.toBuilder().stores(Stores.SEPARATE).seed(whole).build());
      assertThat(configs).hasSize(Vendors.all().size());
      for (var config : configs) {
        var vendor = config.vendors().get(0).vendor();
        var user = config.seed().orElseThrow().users().get(0);
        assertThat(user.aliases().keySet()).isSubsetOf(vendor.name());
        assertThat(config.seed().orElseThrow().roles().get(0).extras().keySet())
            .isSubsetOf(vendor.name());
        assertThat(user.tokens()).hasSize(vendor.scopedTokens().isPresent() ? 2 : 1);
      }
      assertThat(configs)
          .anyMatch(one -> !one.seed().orElseThrow().users().get(0).aliases().isEmpty());
    }
  }

  @Nested
  class Common {

    @Test
    void journal_hasCallsOfAllDialects() {
      makers().forEach(maker -> maker.create("ann", PASSWORD));
      doppel.calls(InfluxOperation.POST_USERS).withUser("ann").once();
      doppel.calls(MilvusOperation.CREATE_USER).withUser("ann").once();
    }

    @Test
    void clock_movesEveryStore() {
      doppel.clock().set(Instant.parse("2031-02-03T04:05:06Z"));
      doppel.seed().user("ann").put();
      for (var vendor : Vendors.builtIn()) {
        var users =
            new JsonObject(http.send("GET", "/_doppel/users?dialect=" + vendor.name(), "").body())
                .getJsonArray("users");
        assertThat(users.getJsonObject(1).getString("created")).startsWith("2031-02-03");
      }
    }

    @Test
    void faults_applyToEveryDialect() {
      doppel.faults().inject(PlannedFault.of(Reason.UNAVAILABLE).times(2));
      assertThat(influxStatus(OPERATOR)).isEqualTo(503);
      assertThatThrownBy(() -> milvus().create("ann", PASSWORD)).isInstanceOf(AssertionError.class);
      milvus().create("ann", PASSWORD);
      assertThat(influxStatus(OPERATOR)).isEqualTo(200);
    }

    @Test
    void snapshot_hasEveryStore() {
      assertThat(http.control("POST", "snapshots", "")).isEqualTo("200 {\"snapshot\":2}\n");
      seedAnn();
      assertThat(http.control("POST", "snapshots", "")).isEqualTo("200 {\"snapshot\":3}\n");
      assertThat(http.control("POST", "snapshots/2/restore", "")).startsWith("200 ");
      assertThat(all()).noneMatch(client -> client.finds("ann"));
      assertThat(http.control("POST", "snapshots/3/restore", "")).startsWith("404 ");
      assertThat(http.control("POST", "snapshots/2/restore", "")).startsWith("200 ");
    }

    @Test
    void controlPlane_needsToKnowWhoseStore() {
      var line =
          "400 {\"error\":\"?dialect: needed, because each dialect has a store of its own; use"
              + " milvus, influx, vcloud or workspace\"}\n";
      assertThat(http.control("GET", "users", "")).isEqualTo(line);
      assertThat(http.control("GET", "users/0000000000000001", "")).isEqualTo(line);
      assertThat(http.control("GET", "backup", "")).isEqualTo(line);
      assertThat(http.control("GET", "users?dialect=influy", ""))
          .endsWith("; did you mean 'influx'?\"}\n");
      assertThat(http.control("GET", "ready", "")).startsWith("200 ");
      restart(DoppelConfig.DEFAULT.toBuilder());
      assertThat(http.control("GET", "users", ""))
          .isEqualTo(http.control("GET", "users?dialect=influx", ""));
    }

    @Test
    void user_hasTheViewOfItsDialect() {
      seedAnn();
      for (var vendor : Vendors.builtIn()) {
        var query = "?dialect=" + vendor.name();
        var users = new JsonObject(http.send("GET", "/_doppel/users" + query, "").body());
        var id = users.getJsonArray("users").getJsonObject(1).getString("id");
        var shown = new JsonObject(http.send("GET", "/_doppel/users/" + id + query, "").body());
        assertThat(shown.getJsonObject("views").getMap()).containsOnlyKeys(vendor.name());
      }
    }

    @Test
    void metrics_addUpTheSessionsOfAllStores() {
      seedAnn();
      assertThat(all()).allMatch(client -> client.signsIn("ann", PASSWORD));
      var text = http.send("GET", "/_doppel/metrics", "").body();
      var sessions = text.lines().filter(line -> line.startsWith("doppel_sessions ")).findFirst();
      assertThat(Double.parseDouble(sessions.orElseThrow().split(" ")[1])).isGreaterThan(2);
    }
  }

  @Nested
  class Files {

    private DoppelConfig.Builder config(Path folder) {
      return DoppelConfig.DEFAULT.toBuilder()
          .store(MvStore.file(folder.resolve("users.db")))
          .stores(Stores.SEPARATE)
          .hash(HashScheme.FAST)
          .controlToken(PersistentGateways.CONTROL_TOKEN)
          .credentials(
              new Credentials(
                  Optional.empty(),
                  Optional.of(new Password("Milvus")),
                  Optional.of(OPERATOR),
                  false));
    }

    @Test
    void eachDialect_hasItsFile(@TempDir Path folder) {
      restart(config(folder));
      influx().create("ann", PASSWORD);
      doppel.seed().user("bob").password(PASSWORD).put();
      restart(config(folder));
      assertThat(influx().signsIn("ann", PASSWORD)).isTrue();
      assertThat(milvus().finds("ann")).isFalse();
      assertThat(milvus().signsIn("bob", PASSWORD)).isTrue();
      doppel.close();
      for (var vendor : Vendors.builtIn()) {
        assertThat(folder.resolve("users.db." + vendor.name())).exists();
      }
      assertThat(folder.resolve("users.db")).doesNotExist();
      start(
          config(folder)
              .store(MvStore.file(folder.resolve("users.db.influx")))
              .stores(Stores.SHARED));
      assertThat(influx().finds("ann")).isTrue();
    }

    @Test
    void reset_erasesEveryFile(@TempDir Path folder) {
      restart(config(folder));
      makers().forEach(maker -> maker.create("ann", PASSWORD));
      doppel.reset();
      makers().forEach(maker -> assertThat(maker.finds("ann")).isFalse());
      makers().forEach(maker -> maker.create("ann", PASSWORD));
    }

    @Test
    void failedStart_closesOtherFiles(@TempDir Path folder) throws Exception {
      java.nio.file.Files.writeString(folder.resolve("users.db.workspace"), "not a store");
      doppel.close();
      assertThatThrownBy(() -> start(config(folder)))
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("users.db.workspace");
      java.nio.file.Files.delete(folder.resolve("users.db.workspace"));
      start(config(folder));
      assertThat(influx().finds("root")).isTrue();
    }
  }

  /** A store that can't be divided. */
  private record Undivided() implements Store {

    @Override
    public boolean isPersistent() {
      return false;
    }

    @Override
    public Future<Storage> open(Vertx vertx) {
      throw new AssertionError("opened");
    }

    @Override
    public Future<Storage> openExisting(Vertx vertx) {
      throw new AssertionError("opened");
    }

    @Override
    public String toString() {
      return "undivided:";
    }
  }

  @Test
  void storeThatCannotBeDivided_isRefused() {
    var config =
        DoppelConfig.DEFAULT.toBuilder().store(new Undivided()).stores(Stores.SEPARATE).build();
    assertThatThrownBy(() -> Doppel.start(config))
        .isInstanceOf(StartupException.class)
        .hasMessage(
            "--stores 'separate' with --store undivided:: not allowed; use --store memory: or"
                + " file:PATH, or --stores shared");
  }

  @Test
  void oneDialect_needsNoName() {
    restart(DoppelConfig.DEFAULT.toBuilder().only(InfluxVendor.INSTANCE).stores(Stores.SEPARATE));
    assertThat(http.control("GET", "users", "")).startsWith("200 ");
  }
}
