package dev.doppel.migration;

import static dev.doppel.testkit.Await.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.influx.InfluxDialect;
import dev.doppel.influx.InfluxVendor;
import dev.doppel.migration.ImportRun.ConflictRule;
import dev.doppel.migration.bolt.BoltChecker;
import dev.doppel.migration.bolt.BoltEntry;
import dev.doppel.migration.bolt.BoltFile;
import dev.doppel.migration.bolt.BoltWriter;
import dev.doppel.store.MvStorage;
import dev.doppel.users.Alias;
import dev.doppel.users.Authority;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Ids;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Password;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Realm;
import dev.doppel.users.Secrets;
import dev.doppel.users.SignInLimits;
import dev.doppel.users.Status;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** InfluxDB's users in, and out again into a new {@code influxd.bolt}. */
class InfluxBoltExportTest {

  private static final ServedVendor<?> INFLUX = ServedVendor.byDefault(InfluxVendor.INSTANCE);

  private static final Dialects DIALECTS = Dialects.of(List.of(InfluxVendor.INSTANCE));

  private static final String BCRYPT =
      "$2b$10$vwJZv2o3rKTrUKgakof7X.F0hubkbSjkoVEGPKhzF.nDFrjjieJMK";

  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final PasswordHasher hasher = new PasswordHasher(vertx, HashScheme.FAST, 1, 100);
  private final MvStorage storage = MvStorage.inMemory();
  private final Map<String, List<String>> lost = new TreeMap<>();
  private Realm realm;
  private Path base;

  @BeforeEach
  void importBase() throws IOException {
    base = folder.resolve("influxd.bolt");
    try (var in = InfluxBoltExportTest.class.getResourceAsStream("/influxd.bolt")) {
      Files.copy(in, base);
    }
    realm =
        Realm.over(
            vertx,
            storage,
            hasher,
            new Ids(Clock.systemUTC(), 1),
            new Secrets(),
            Clock.systemUTC(),
            new Realm.Settings(
                "root", "doppel", SignInLimits.FOR_TESTS, List.of(InfluxDialect.ID_FORM)));
    await(realm.createDefaults());
    await(realm.createAdministrator(new Password("Milvus")));
    try (var source = InfluxBoltSource.open(base, INFLUX)) {
      var summary = ImportRun.run(realm, DIALECTS, source, false, ConflictRule.REFUSE, row -> {});
      assertThat(summary.isComplete()).isTrue();
    }
  }

  @AfterEach
  void close() {
    hasher.close();
    await(storage.close());
    await(vertx.close());
  }

  private Path export() throws IOException {
    var target = Files.createTempFile(folder, "out", ".bolt");
    InfluxBoltExport.write(
        storage, INFLUX, base, target, (user, fields) -> lost.put(user.name(), fields));
    BoltChecker.check(target);
    return target;
  }

  /** All values of a file, by bucket and key. */
  private static Map<String, Map<String, String>> contents(Path file) {
    var all = new TreeMap<String, Map<String, String>>();
    try (var bolt = BoltFile.open(file)) {
      for (var bucket : bolt.root()) {
        var values = new TreeMap<String, String>();
        bucket
            .bucket()
            .orElseThrow()
            .forEach(
                entry ->
                    values.put(new String(entry.key(), UTF_8), new String(entry.value(), UTF_8)));
        all.put(bucket.keyText(), values);
      }
    }
    return all;
  }

  private User find(String name) {
    return await(realm.users().find(name));
  }

  private static String influxId(User user) {
    return user.alias("influx").orElseGet(user.id()::toString);
  }

  @Test
  void export_ofWhatWasImported_isTheSameByteForByte() throws IOException {
    assertThat(contents(export())).isEqualTo(contents(base));
    assertThat(lost).isEqualTo(Map.of("root", List.of("built-in account")));
  }

  @Test
  void export_takesChangesOver() throws IOException {
    var server = realm.users().by(Authority.SERVER);
    var before = contents(base);
    var anna = find("anna");
    var bert = find("bert");
    await(server.update(anna.id(), user -> user.withName("änna").withStatus(Status.INACTIVE)));
    await(server.update(find("élodie").id(), user -> user.withPassword(new PasswordHash(BCRYPT))));
    await(server.delete(bert.id()));
    var acme = new OrganizationId(0x0b00000000000001L);
    var made =
        await(
            server.create(
                NewUser.named("new 名前 \uD83D\uDE00")
                    .withHash(new PasswordHash(BCRYPT))
                    .withMembership(acme, Membership.OWNER)
                    .withAlias(new Alias("influx", "0fffffffffffffff"))));
    var after = contents(export());

    assertThat(after.get("usersv1"))
        .hasSize(200)
        .containsEntry(
            influxId(anna),
            "{\"id\":\"%s\",\"name\":\"änna\",\"status\":\"inactive\"}".formatted(influxId(anna)))
        .containsEntry(
            "0fffffffffffffff",
            "{\"id\":\"0fffffffffffffff\",\"name\":\"%s\",\"status\":\"active\"}"
                .formatted(made.name()))
        .doesNotContainKey(influxId(bert));
    assertThat(after.get("userindexv1"))
        .containsEntry("änna", influxId(anna))
        .containsEntry(made.name(), "0fffffffffffffff")
        .doesNotContainKeys("anna", "bert");
    assertThat(after.get("userspasswordv1"))
        .containsEntry(influxId(find("élodie")), BCRYPT)
        .containsEntry("0fffffffffffffff", BCRYPT)
        .containsEntry(influxId(anna), before.get("userspasswordv1").get(influxId(anna)))
        .doesNotContainKey(influxId(bert));
    assertThat(after.get("userresourcemappingsv1"))
        .containsEntry(
            acme + "0fffffffffffffff",
            "{\"userID\":\"0fffffffffffffff\",\"userType\":\"owner\",\"mappingType\":0,"
                + "\"resourceType\":\"orgs\",\"resourceID\":\"0b00000000000001\"}")
        .allSatisfy((key, value) -> assertThat(key).doesNotEndWith(influxId(bert)));
    assertThat(after.get("userresourcemappingsbyuserindexv1"))
        .containsEntry("0fffffffffffffff/" + acme + "0fffffffffffffff", acme + "0fffffffffffffff")
        .hasSameSizeAs(after.get("userresourcemappingsv1"));
    for (var untouched : List.of("organizationsv1", "bucketsv1", "onboardingv1")) {
      assertThat(after.get(untouched)).isEqualTo(before.get(untouched));
    }
    assertThat(lost).containsOnlyKeys("root");
  }

  @Test
  void export_leavesOutEndedTokens_andKeepsChangedOnes() throws IOException {
    var tokens = storage.tokens();
    await(tokens.delete(TokenHash.of("token-of-anna")));
    await(
        tokens.update(
            TokenHash.of("token-of-user0020"), one -> one.with(Status.INACTIVE, "changed")));
    var issued = find("user0030");
    await(realm.tokens().issueForEveryDialect("issued since", issued, "new"));
    var before = contents(base);
    var after = contents(export());
    assertThat(after.get("authorizationsv1")).hasSize(19).doesNotContainKey("0c00000000000001");
    assertThat(after.get("authorizationindexv1")).hasSize(9).doesNotContainKey("token-of-anna");
    assertThat(after.get("authorizationhashedindexv1"))
        .isEqualTo(before.get("authorizationhashedindexv1"));
    var changed =
        new ObjectMapper()
            .readTree(
                after
                    .get("authorizationsv1")
                    .get(after.get("authorizationindexv1").get("token-of-user0020")));
    assertThat(changed.get("status").asText()).isEqualTo("inactive");
    assertThat(changed.get("description").asText()).isEqualTo("changed");
    assertThat(changed.get("token").asText()).isEqualTo("token-of-user0020");
    assertThat(lost.get("user0030")).containsExactly("token");
  }

  @Test
  void export_saysWhatTheFileCanNotHold() throws IOException {
    var other = await(realm.organizations().create("made in Doppel", ""));
    await(
        realm
            .users()
            .by(Authority.SERVER)
            .update(
                find("anna").id(),
                user ->
                    user.withPassword(
                            new PasswordHash(
                                "$argon2id$v=19$m=19456,t=2,p=1$KSXkHCPEOAegFELIOQdACA$Pt7jgucTcXViYUrJYrcVDw"))
                        .withMembership(other.id(), Membership.MEMBER)
                        .withEmail(Optional.of("anna@example.com"), user.created())
                        .withExtras("influx", "{\"oauthID\":\"x\"}")
                        .withAdministrator(true)));
    var after = contents(export());
    assertThat(lost.get("anna"))
        .containsExactly("password", "organization", "email", "administrator", "extras");
    assertThat(after.get("userspasswordv1")).doesNotContainKey(influxId(find("anna")));
  }

  @Test
  void export_keepsMappingsToOtherResources_ofUsersWhoExist() throws IOException {
    var anna = influxId(find("anna"));
    var extended = Files.createTempFile(folder, "extended", ".bolt");
    var key = "0d00000000000001" + anna;
    var gone = "0d00000000000001" + "0a00000000000fff";
    var value =
        "{\"userID\":\"%s\",\"userType\":\"owner\",\"mappingType\":0,\"resourceType\":\"buckets\",\"resourceID\":\"0d00000000000001\"}";
    var all = contents(base);
    all.get("userresourcemappingsv1").put(key, value.formatted(anna));
    all.get("userresourcemappingsv1").put(gone, value.formatted("0a00000000000fff"));
    all.get("userresourcemappingsbyuserindexv1").put(anna + "/" + key, key);
    write(extended, all);
    base = extended;
    var expected = new HashMap<>(all.get("userresourcemappingsv1"));
    expected.remove(gone);
    assertThat(contents(export()).get("userresourcemappingsv1")).isEqualTo(expected);
  }

  private static void write(Path file, Map<String, Map<String, String>> contents) {
    try (var writer = BoltWriter.open(file, 4096)) {
      contents.forEach(
          (name, values) ->
              writer.add(
                  name,
                  0,
                  values.entrySet().stream()
                      .map(one -> BoltEntry.of(one.getKey(), one.getValue().getBytes(UTF_8)))
                      .iterator()));
      writer.finish();
    }
  }

  /** Returns the report of a new import of these contents. */
  private Map<String, RowReport> importOf(Map<String, Map<String, String>> contents)
      throws IOException {
    var file = Files.createTempFile(folder, "changed", ".bolt");
    write(file, contents);
    var rows = new HashMap<String, RowReport>();
    try (var source = InfluxBoltSource.open(file, INFLUX)) {
      var summary =
          ImportRun.run(
              realm, DIALECTS, source, true, ConflictRule.REFUSE, row -> rows.put(row.name(), row));
      assertThat(summary.toMarkdown()).doesNotContain("evil");
    }
    return rows;
  }

  private void assertRefused(Map<String, Map<String, String>> contents, String message) {
    assertThatThrownBy(() -> importOf(contents))
        .isInstanceOf(MigrationException.class)
        .hasMessage(message);
  }

  @Test
  void import_refusesMappingsWithoutTheirIndex() {
    var all = contents(base);
    var count = all.get("userresourcemappingsv1").size();
    all.remove("userresourcemappingsbyuserindexv1");
    assertRefused(
        all,
        "damaged: 'userresourcemappingsbyuserindexv1' has 0 entries, but 'userresourcemappingsv1' has %s; take another backup"
            .formatted(count));
  }

  /** The membership of one user would become another's. */
  @Test
  void import_refusesIndexThatLeadsToAnotherUsersMapping() {
    var anna = influxId(find("anna"));
    var other = influxId(find("user0030"));
    var all = contents(base);
    var index = all.get("userresourcemappingsbyuserindexv1");
    var wrong = index.keySet().stream().filter(key -> key.startsWith(other)).findFirst();
    var key = wrong.orElseThrow();
    index.put(key, key.replace(other, anna).substring(17));
    var message =
        "damaged: entry '%s' of 'userresourcemappingsbyuserindexv1' leads to no mapping of its user; take another backup"
            .formatted(key);
    assertRefused(all, message);
    all = contents(base);
    all.get("userresourcemappingsv1")
        .computeIfPresent(key.substring(17), (ignored, value) -> value.replace(other, anna));
    assertRefused(all, message);
  }

  @Test
  void import_namesOnlyKnownResourceTypesAsLost() throws IOException {
    var all = contents(base);
    var user = "0a0000000000ffff";
    all.get("usersv1")
        .put(user, "{\"id\":\"%s\",\"name\":\"zoe\",\"status\":\"active\"}".formatted(user));
    var types = Map.of("0d00000000000001", "buckets", "0d00000000000002", "evil | `type`");
    types.forEach(
        (id, type) -> {
          all.get("userresourcemappingsv1")
              .put(
                  id + user,
                  "{\"userID\":\"%s\",\"userType\":\"owner\",\"mappingType\":0,\"resourceType\":\"%s\",\"resourceID\":\"%s\"}"
                      .formatted(user, type, id));
          all.get("userresourcemappingsbyuserindexv1").put(user + "/" + id + user, id + user);
        });
    assertThat(importOf(all).get("zoe").lost())
        .containsExactly("mapping to buckets", "mapping to other");
  }

  @Test
  void export_refusesBaseThatIsNotInfluxs() throws IOException {
    Files.writeString(base, "x");
    assertThatThrownBy(this::export)
        .isInstanceOf(MigrationException.class)
        .hasMessage("--base: not a bbolt file, or both of its meta pages are damaged");
  }
}
