package dev.doppel.gateway.realm;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.Seed;
import dev.doppel.StartupException;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import dev.doppel.influx.InfluxVendor;
import dev.doppel.store.MvStorage;
import dev.doppel.store.MvStore;
import dev.doppel.testkit.SteppedStorage;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Ids;
import dev.doppel.users.Password;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Realm;
import dev.doppel.users.Secrets;
import dev.doppel.users.Storage;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seeds of several batches, and interrupted ones. */
class SeedingTest {

  private static final int USERS = 2_500;

  private final Vertx vertx = Vertx.vertx();

  @TempDir Path folder;

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private static String seed(int users, String more) {
    var text = new StringBuilder("organizations: [{name: acme}]\nusers:\n");
    for (int i = 0; i < users; i++) {
      text.append("  - {name: user").append(i).append(", email: user").append(i);
      text.append("@example.com, organizations: {acme: member}, roles: [reader],");
      text.append(" passwordHash: $2b$04$abcdefghijklmnopqrstuuSEuQJbKQhHsPhiaTyo/tfXmZBUGOOKK,");
      text.append(" tokens: [{token: token").append(i).append("}]}\n");
    }
    return text.append(more).toString();
  }

  private DoppelConfig config(Optional<Seed> seed) {
    var config =
        DoppelConfig.DEFAULT.toBuilder()
            .port(0)
            .hash(HashScheme.FAST)
            .store(MvStore.file(folder.resolve("store.db")))
            .credentials(
                new Credentials(
                    Optional.empty(),
                    Optional.of(new Password("P@ssw0rd1")),
                    Optional.of("operator"),
                    false));
    seed.ifPresent(config::seed);
    return config.build();
  }

  private Realm realm(Storage storage) {
    var hasher = new PasswordHasher(vertx, HashScheme.FAST, 2, 100);
    return Realm.over(
        vertx,
        storage,
        hasher,
        new Ids(Clock.systemUTC(), 1),
        new Secrets(),
        Clock.systemUTC(),
        Realm.Settings.DEFAULT);
  }

  private static long count(Realm realm) {
    return await(realm.users().list(UserQuery.first(0).withTotal())).total();
  }

  @Test
  void largeSeed_isLoadedBeforeGatewayServes() {
    try (var doppel = Doppel.start(config(Optional.of(Seed.parse(seed(USERS, "")))))) {
      var http = new Http(doppel.uri());
      for (var i : new int[] {0, 999, 1_000, USERS - 1}) {
        var me = http.send("GET", "/api/v2/me", "", "Authorization", "Token token" + i);
        assertThat(me.body()).contains("\"name\": \"user" + i + "\"");
      }
    }
    // It isn't loaded again.
    Doppel.start(config(Optional.of(Seed.parse(seed(USERS, ""))))).close();
  }

  @Test
  void conflictInLaterBatch_isReportedBeforeAnythingIsStored() {
    var seed =
        Seed.parse(seed(USERS, "  - {name: last, email: USER7@example.com}\n  - {name: boss}\n"));
    var config =
        config(Optional.of(seed)).toBuilder()
            .credentials(
                new Credentials(
                    Optional.of("boss"),
                    Optional.of(new Password("P@ssw0rd1")),
                    Optional.empty(),
                    false))
            .build();
    assertThatThrownBy(() -> Doppel.start(config))
        .isInstanceOf(StartupException.class)
        .hasMessage("--seed: users[2501]: 'boss' is taken, as a name or an e-mail address");
    var storage = MvStorage.inExistingFile(vertx, folder.resolve("store.db"));
    assertThat(await(storage.users().list(UserQuery.first(1))).items()).isEmpty();
    await(storage.close());
  }

  /** Fails at each step in turn, and continues from there each time. */
  @Test
  void interruptedSeed_isFinishedByNextStart() {
    var inner = MvStorage.inMemory();
    var storage = new SteppedStorage(inner);
    var realm = realm(storage);
    await(realm.change(Realm::createDefaults));
    var seed = Seed.parse(seed(USERS, ""));
    var seeding = new Seeding(vertx, realm, ServedVendor.byDefault(InfluxVendor.INSTANCE));
    var begun = await(seeding.prepare(seed, Optional.empty(), false));
    await(realm.change(now -> seeding.begin(now, begun)));
    assertThat(count(realm)).isEqualTo(1_000);

    int failed = 0;
    for (int allowed = 0; ; allowed++) {
      var left = new AtomicInteger(allowed);
      storage.beforeEach(
          step ->
              left.getAndDecrement() > 0
                  ? Future.succeededFuture()
                  : Future.failedFuture(Failure.of(Reason.INTERNAL)));
      var finished = seeding.finish(Optional.of(seed), "test").transform(Future::succeededFuture);
      var result = await(finished);
      storage.beforeEach(step -> Future.succeededFuture());
      assertThat(count(realm)).isIn(1_000L, 2_000L, (long) USERS);
      if (result.succeeded()) {
        break;
      }
      failed++;
    }
    assertThat(failed).isGreaterThan(5);
    assertThat(count(realm)).isEqualTo(USERS);
    assertThat(await(inner.note("seed"))).isEmpty();
    for (var i : new int[] {999, 1_000, 1_999, 2_000, USERS - 1}) {
      var user = await(realm.users().find("user" + i));
      assertThat(await(realm.tokens().find("token" + i, "influx")).owner()).isEqualTo(user.id());
    }
    await(inner.close());
  }

  @Test
  void otherSeed_isRejectedWhileOneIsUnfinished() {
    var storage = MvStorage.inMemory();
    var realm = realm(storage);
    await(realm.change(Realm::createDefaults));
    var seed = Seed.parse(seed(USERS, ""));
    var seeding = new Seeding(vertx, realm, ServedVendor.byDefault(InfluxVendor.INSTANCE));
    var begun = await(seeding.prepare(seed, Optional.empty(), false));
    await(realm.change(now -> seeding.begin(now, begun)));
    var other = Seed.parse(seed(USERS, "").replace("[reader]", "[admin]"));
    for (var one : List.of(Optional.of(other), Optional.<Seed>empty())) {
      assertThatThrownBy(() -> await(seeding.finish(one, "file:store.db")))
          .isInstanceOf(StartupException.class)
          .hasMessage(
              "--store file:store.db: its seed is loaded no further than 1000 of 2500 users; start"
                  + " with the same --seed to load the rest, or with an empty store");
    }
    await(storage.close());
  }

  @Test
  void tokenHashesRolesAndIds_areStoredUnchanged() {
    var hash =
        "$influxdb2-sha256$"
            + Base64.getUrlEncoder().encodeToString(sha256("the-secret-of-another-product"));
    try (var doppel = Doppel.start()) {
      doppel.seed(
          Seed.parse(
              """
              organizations:
                - name: acme
                  id: 0123456789abcdef
                  aliases:
                    vcloud: urn:vcloud:org:c0ffee00-1234-4abc-9def-0123456789ab
                    workspace: 65a0f3c2e4b0a1b2c3d4e5f6
              roles:
                - name: reader
                  extras: {milvus: {grants: [{privilege: Search, objectName: docs, dbName: default}]}}
              users:
                - name: ann
                  organizations: {acme: owner}
                  tokens:
                    - tokenHash: %s
                      organization: acme
                      permissions: [{action: read, resource: {type: orgs}}]
                    - {token: off, status: inactive, permissions: [{action: read, resource: {type: orgs}}]}
                    - {token: over, expires: '2020-01-01T00:00:00Z'}
              """
                  .formatted(hash)));
      var http = new Http(doppel.uri());
      var orgs =
          http.send(
              "GET", "/api/v2/orgs", "", "Authorization", "Token the-secret-of-another-product");
      assertThat(orgs.body()).contains("\"id\": \"0123456789abcdef\"");
      var off = http.send("GET", "/api/v2/orgs", "", "Authorization", "Token off");
      assertThat(off.body()).doesNotContain("acme");
      var over = http.send("GET", "/api/v2/orgs", "", "Authorization", "Token over");
      assertThat(over.statusCode()).isEqualTo(401);
      var vcloud =
          http.send(
              "GET",
              "/cloudapi/1.0.0/orgs/urn:vcloud:org:c0ffee00-1234-4abc-9def-0123456789ab",
              "",
              "Accept",
              VendorClient.Vcloud.ACCEPT,
              "Authorization",
              new VendorClient.Vcloud(http).bearer("/provider", "root@System", "Milvus"));
      assertThat(vcloud.body())
          .contains(
              "\"name\":\"acme\"",
              "\"id\":\"urn:vcloud:org:c0ffee00-1234-4abc-9def-0123456789ab\"");
      var workspace =
          http.send(
              "GET",
              "/v1/organizations/65a0f3c2e4b0a1b2c3d4e5f6",
              "",
              "Authorization",
              "Bearer doppel-operator-token");
      assertThat(workspace.body())
          .contains("\"name\":\"acme\"", "\"id\":\"65a0f3c2e4b0a1b2c3d4e5f6\"");
      var role =
          http.send(
              "POST",
              "/v2/vectordb/roles/describe",
              new JsonObject().put("roleName", "reader").encode(),
              "Authorization",
              "Bearer root:Milvus");
      assertThat(role.body()).contains("\"privilege\":\"Search\"", "\"objectName\":\"docs\"");
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
