package dev.doppel.migration;

import static dev.doppel.testkit.Await.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.dialect.Vendor.OrganizationIds;
import dev.doppel.migration.ImportRun.ConflictRule;
import dev.doppel.migration.RowReport.PasswordVerdict;
import dev.doppel.migration.RowReport.Verdict;
import dev.doppel.store.MvStorage;
import dev.doppel.users.Alias;
import dev.doppel.users.Authority;
import dev.doppel.users.HashScheme;
import dev.doppel.users.IdForm;
import dev.doppel.users.Ids;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import dev.doppel.users.Secrets;
import dev.doppel.users.SignInLimits;
import dev.doppel.users.Status;
import dev.doppel.users.Storage;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Export and import in Doppel's own format, between stores. */
class EstateTest {

  private static final Instant T1 = Instant.parse("2024-02-03T04:05:06.123456Z");
  private static final Instant T2 = Instant.parse("2025-02-03T04:05:06Z");

  private static final String BCRYPT =
      "$2a$10$bCIcVcQl39WtM9QFBFSKNeX2NeNlzt7/7yYM4weF02gmfxuTkvK2m";

  private static final List<IdForm> ID_FORMS =
      List.of(
          new IdForm(
              "influx",
              UserId::toString,
              UserId::parse,
              Pattern.compile("[0-9a-f]{16}"),
              "16 hexadecimal digits"));

  private static final Dialects DIALECTS =
      new Dialects(
          List.of("influx", "milvus", "vcloud", "workspace"),
          ID_FORMS,
          Map.of("vcloud", new OrganizationIds(Pattern.compile("urn:vcloud:org:.+"), "a URN")));

  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final PasswordHasher hasher = new PasswordHasher(vertx, HashScheme.FAST, 1, 100);
  private final List<Storage> open = new ArrayList<>();

  @AfterEach
  void close() {
    hasher.close();
    open.forEach(one -> await(one.close()));
    await(vertx.close());
  }

  private Realm emptyRealm() {
    var storage = MvStorage.inMemory();
    open.add(storage);
    return Realm.over(
        vertx,
        storage,
        hasher,
        new Ids(Clock.systemUTC(), 1),
        new Secrets(),
        Clock.systemUTC(),
        new Realm.Settings("root", "doppel", SignInLimits.FOR_TESTS, ID_FORMS));
  }

  private static User user(String id, String name) {
    return new User(
        UserId.parse(id).orElseThrow(),
        name,
        Status.ACTIVE,
        Optional.of(new PasswordHash(BCRYPT)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        Set.of(),
        Map.of(),
        T1,
        T2,
        1,
        0,
        List.of(),
        Map.of());
  }

  private static Token token(String secret, long id, User owner, Token.Kind kind) {
    return new Token(
        TokenHash.of(secret),
        id,
        owner.id(),
        owner.created(),
        owner.sessionEpoch(),
        kind,
        Optional.of("influx"),
        Status.ACTIVE,
        T1,
        T2,
        Optional.of(Instant.parse("2199-01-01T00:00:00Z")),
        "a token",
        Map.of("influx", "{\"orgID\":\"0b00000000000001\",\"permissions\":[],\"n\":12}"));
  }

  /** A store with everything in it that a store can have. */
  private Realm filled() {
    var realm = emptyRealm();
    await(realm.createDefaults());
    await(realm.organizations().defaultOrganization());
    var storage = realm.storage();
    var acme = new OrganizationId(0x0b00000000000001L);
    await(
        storage
            .organizations()
            .insert(
                new Organization(
                    acme,
                    "acme",
                    "Acmé \"&\" Söhne",
                    Organization.Kind.ORDINARY,
                    T1,
                    T2,
                    Map.of("vcloud", "urn:vcloud:org:1"),
                    Map.of("influx", "{\"buckets\":[],\"labels\":[]}"))));
    await(
        storage
            .roles()
            .insert(
                new Role(
                    "reader",
                    "reads",
                    false,
                    Map.of("milvus", "{\"grants\":[{\"privilege\":\"Search\"}]}"))));
    var anna =
        new User(
            new UserId(0x8a1b2c3d4e000001L),
            "anna",
            Status.INACTIVE,
            Optional.of(new PasswordHash(BCRYPT)),
            Optional.of("Anna@Example.com"),
            Optional.of(T2),
            Optional.of("Änna Müller 名前"),
            true,
            false,
            Optional.of(acme),
            Set.of("reader"),
            Map.of(acme, Membership.OWNER),
            T1,
            T2,
            7,
            3,
            List.of(new Alias("influx", "0a1b2c3d4e00000a")),
            Map.of("influx", "{\"oauthID\":\"x\"}", "workspace", "{\"tags\":[\"a\"],\"n\":1.5}"));
    await(storage.users().insert(anna));
    await(storage.users().insert(user("0000000000000bed", "name with 'quotes' \t and 名前")));
    await(storage.tokens().insert(token("secret-of-anna", 77, anna, Token.Kind.API)));
    await(storage.tokens().insert(token("session-of-anna", 78, anna, Token.Kind.SESSION)));
    return realm;
  }

  private static byte[] export(Realm realm) {
    var out = new ByteArrayOutputStream();
    EstateExport.write(realm.storage(), out);
    return out.toByteArray();
  }

  private record Result(ImportSummary summary, List<RowReport> rows) {

    List<String> verdicts() {
      return rows.stream()
          .filter(row -> row.kind().equals("user") || row.kind().equals("token"))
          .map(
              row ->
                  row.name()
                      + " "
                      + row.verdict().word()
                      + row.refusal().map(refusal -> " " + refusal.why()).orElse(""))
          .toList();
    }
  }

  private static Result run(Realm realm, byte[] file, boolean dryRun, ConflictRule rule) {
    var rows = new ArrayList<RowReport>();
    try (var source = EstateSource.read(new ByteArrayInputStream(file))) {
      return new Result(ImportRun.run(realm, DIALECTS, source, dryRun, rule, rows::add), rows);
    }
  }

  private static Result run(Realm realm, byte[] file) {
    return run(realm, file, false, ConflictRule.REFUSE);
  }

  private static List<User> users(Realm realm) {
    var all = new ArrayList<User>();
    EstateExport.forEachPage(realm.storage(), all::addAll);
    return all;
  }

  @Test
  void import_ofAnExportIntoAnEmptyStore_givesTheSameStore() {
    var original = filled();
    var file = export(original);
    var copy = emptyRealm();
    var result = run(copy, file);
    assertThat(result.summary().isComplete()).isTrue();
    assertThat(result.rows()).isNotEmpty().allMatch(row -> row.verdict() == Verdict.IMPORTED);
    assertThat(new String(export(copy), UTF_8)).isEqualTo(new String(file, UTF_8));
    var expected = users(original);
    var found = users(copy);
    assertThat(found).hasSize(2);
    for (int i = 0; i < 2; i++) {
      // Everything but the version, which counts a store's changes.
      assertThat(found.get(i))
          .usingRecursiveComparison()
          .ignoringFields("version")
          .isEqualTo(expected.get(i));
    }
    var stores = copy.storage();
    assertThat(await(stores.organizations().list()))
        .isEqualTo(await(original.storage().organizations().list()))
        .hasSize(3);
    assertThat(await(stores.roles().list())).isEqualTo(await(original.storage().roles().list()));
    for (var secret : List.of("secret-of-anna", "session-of-anna")) {
      var hash = TokenHash.of(secret);
      assertThat(await(stores.tokens().find(hash)))
          .isEqualTo(await(original.storage().tokens().find(hash)));
    }
  }

  @Test
  void import_ofTheSameFileAgain_changesNothing() {
    var copy = emptyRealm();
    var file = export(filled());
    run(copy, file);
    var before = export(copy);
    var again = run(copy, file);
    assertThat(again.rows()).isNotEmpty().allMatch(row -> row.verdict() == Verdict.UNCHANGED);
    assertThat(again.summary().isComplete()).isTrue();
    assertThat(export(copy)).isEqualTo(before);
  }

  @Test
  void dryRun_givesTheSameVerdictsAndWritesNothing() {
    var target = emptyRealm();
    await(target.createDefaults());
    await(target.storage().users().insert(user("0000000000000bed", "in the way")));
    var before = export(target);
    var file = export(filled());
    var dry = run(target, file, true, ConflictRule.REFUSE);
    assertThat(export(target)).isEqualTo(before);
    var real = run(target, file);
    assertThat(export(target)).isNotEqualTo(before);
    assertThat(dry.rows().stream().map(ImportReport::format))
        .isNotEmpty()
        .containsExactlyElementsOf(real.rows().stream().map(ImportReport::format).toList());
    assertThat(dry.verdicts()).contains("anna imported", "a token imported");
  }

  /** Returns a file of these lines, with header and footer. */
  private static byte[] file(String... lines) {
    var text = new StringBuilder("{\"kind\":\"header\",\"format\":1}\n");
    for (var line : lines) {
      text.append(line).append('\n');
    }
    long organizations =
        Arrays.stream(lines).filter(one -> one.contains("\"kind\":\"organization\"")).count();
    long roles = Arrays.stream(lines).filter(one -> one.contains("\"kind\":\"role\"")).count();
    long users = Arrays.stream(lines).filter(one -> one.contains("\"kind\":\"user\"")).count();
    long tokens = Arrays.stream(lines).filter(one -> one.contains("\"kind\":\"token\"")).count();
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
      text.append(
          "{\"kind\":\"footer\",\"organizations\":%s,\"roles\":%s,\"users\":%s,\"tokens\":%s,\"sha256\":\"%s\"}\n"
              .formatted(organizations, roles, users, tokens, HexFormat.of().formatHex(digest)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
    return text.toString().getBytes(UTF_8);
  }

  private static String userLine(String id, String name, String more) {
    return "{\"kind\":\"user\",\"id\":\"%s\",\"name\":\"%s\",\"status\":\"active\",\"created\":\"2024-01-01T00:00:00Z\",\"updated\":\"2024-01-01T00:00:00Z\"%s}"
        .formatted(id, name, more);
  }

  private static String tokenLine(String secret, String owner) {
    return "{\"kind\":\"token\",\"hash\":\"%s\",\"id\":\"0c00000000000001\",\"owner\":\"%s\",\"ownerCreated\":\"2024-01-01T00:00:00Z\",\"purpose\":\"api\",\"status\":\"active\",\"created\":\"2024-01-01T00:00:00Z\",\"updated\":\"2024-01-01T00:00:00Z\",\"description\":\"%s\"}"
        .formatted(TokenHash.of(secret).hex(), owner, secret);
  }

  private static String organizationLine(String name, String more) {
    return "{\"kind\":\"organization\",\"id\":\"%016x\",\"name\":\"%s\",\"purpose\":\"ordinary\",\"created\":\"2024-01-01T00:00:00Z\",\"updated\":\"2024-01-01T00:00:00Z\"%s}"
        .formatted(name.hashCode(), name, more);
  }

  private static byte[] conflicts() {
    return file(
        userLine("0000000000000001", "taken", ""),
        userLine("0000000000000002", "other name", ""),
        userLine("0000000000000003", "root", ""),
        userLine("0000000000000004", "fine", ""),
        userLine("0000000000000005", "fine", ""),
        userLine("0000000000000004", "same id", ""),
        userLine(
            "0000000000000006",
            "nonsense",
            ",\"aliases\":[{\"dialect\":\"nonsense\",\"id\":\"x\"}]"),
        userLine(
            "0000000000000007",
            "not-hex",
            ",\"aliases\":[{\"dialect\":\"influx\",\"id\":\"not-hex\"}]"),
        userLine("0000000000000008", "lost@example.com", ""),
        userLine("0000000000000009", "wrong status", "").replace("active", "odd"),
        userLine("000000000000000a", "FINE ", ""),
        tokenLine("t1", "0000000000000004"),
        tokenLine("t1", "0000000000000004"),
        tokenLine("t2", "0000000000000001"));
  }

  private Realm withUsersInTheWay() {
    var realm = emptyRealm();
    await(realm.createDefaults());
    await(realm.storage().users().insert(user("00000000000000f1", "taken")));
    await(realm.storage().users().insert(user("0000000000000002", "has the id")));
    await(
        realm
            .storage()
            .users()
            .insert(
                user("00000000000000f3", "has the address")
                    .withEmail(Optional.of("lost@example.com"), T1)));
    return realm;
  }

  @Test
  void import_refusesEachConflictForItsReason() {
    for (var dryRun : List.of(true, false)) {
      assertThat(run(withUsersInTheWay(), conflicts(), dryRun, ConflictRule.REFUSE).verdicts())
          .containsExactly(
              "taken refused name_taken",
              "other name refused differs",
              "root refused name_reserved",
              "fine imported",
              "fine refused twice_in_source",
              "same id refused twice_in_source",
              "nonsense refused alias_dialect",
              "not-hex refused alias_form",
              "lost@example.com refused name_or_address_taken",
              "wrong status refused malformed",
              "FINE  imported",
              "t1 imported",
              "t1 refused twice_in_source",
              "t2 refused owner_missing");
    }
  }

  /** A dialect fails at extras that it can't read, and finds nothing by an alias of its own. */
  @Test
  void import_refusesExtrasAndAliasesThatAreNoDialects() {
    var extras = ",\"extras\":{\"nonsense\":{}}";
    var file =
        file(
            organizationLine("fine", ",\"extras\":{\"workspace-invitations\":{}}"),
            organizationLine("extras", extras),
            organizationLine("list", ",\"extras\":{\"influx\":[]}"),
            organizationLine("dialect", aliases("nonsense:x")),
            organizationLine("form", aliases("vcloud:x")),
            organizationLine("two", aliases("vcloud:urn:vcloud:org:1", "vcloud:urn:vcloud:org:2")),
            "{\"kind\":\"role\",\"name\":\"role\"%s}".formatted(extras),
            userLine("0000000000000001", "user", extras),
            userLine("0000000000000002", "prefix", extras.replace("nonsense", "influxes")),
            userLine("0000000000000003", "text", ",\"extras\":{\"influx\":\"{}\"}"),
            userLine(
                "0000000000000004",
                "both",
                aliases("influx:0a1b2c3d4e00000a", "influx:0a1b2c3d4e00000b")),
            userLine("0000000000000005", "owner", ""),
            tokenLine("token", "0000000000000005").replaceFirst("}$", extras + "}"));
    var realm = emptyRealm();
    var dry = run(realm, file, true, ConflictRule.REFUSE).rows();
    var real = run(realm, file).rows();
    assertThat(dry).extracting(RowReport::verdict).isEqualTo(verdicts(real));
    assertThat(real)
        .extracting(
            row ->
                row.name()
                    + " "
                    + row.verdict().word()
                    + row.refusal().map(refusal -> " " + refusal.why()).orElse(""))
        .containsExactly(
            "fine imported",
            "extras refused extras_dialect",
            "list refused malformed",
            "dialect refused alias_dialect",
            "form refused alias_form",
            "two refused malformed",
            "role refused extras_dialect",
            "user refused extras_dialect",
            "prefix refused extras_dialect",
            "text refused malformed",
            "both refused malformed",
            "owner imported",
            "token refused extras_dialect");
    assertThat(new String(export(realm), UTF_8)).doesNotContain("nonsense");
  }

  private static List<Verdict> verdicts(List<RowReport> rows) {
    return rows.stream().map(RowReport::verdict).toList();
  }

  /** Returns a member with these aliases, each a dialect, a colon and an id. */
  private static String aliases(String... all) {
    return Arrays.stream(all)
        .map(one -> one.split(":", 2))
        .map(one -> "{\"dialect\":\"%s\",\"id\":\"%s\"}".formatted(one[0], one[1]))
        .collect(Collectors.joining(",", ",\"aliases\":[", "]"));
  }

  @Test
  void import_listsWhatAMergedOrganizationLoses() {
    var all = ",\"description\":\"of Acme\",\"extras\":{\"influx\":{\"n\":1}}";
    var realm = emptyRealm();
    await(realm.createDefaults());
    await(realm.organizations().defaultOrganization());
    var file =
        file(
            organizationLine("default", all + aliases("vcloud:urn:vcloud:org:1"))
                .replace("ordinary", "default"),
            organizationLine("system", "").replace("ordinary", "system"));
    assertThat(run(realm, file).rows())
        .extracting(row -> row.name() + " " + row.verdict().word() + " " + row.lost())
        .containsExactly("default merged [description, extras, aliases]", "system merged []");
  }

  @Test
  void import_notesNamesThatLookAlike() {
    var result = run(emptyRealm(), conflicts());
    assertThat(result.rows().stream().filter(row -> row.name().equals("FINE ")))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row.notes())
                    .containsExactly(
                        "the name of row 4 differs only in case, Unicode form or blanks"));
  }

  @Test
  void import_withKeep_skipsWhatIsTaken() {
    var realm = withUsersInTheWay();
    var file = file(userLine("0000000000000001", "taken", ""));
    var result = run(realm, file, false, ConflictRule.KEEP);
    assertThat(result.verdicts()).containsExactly("taken skipped name_taken");
    assertThat(result.summary().isComplete()).isTrue();
    assertThat(run(realm, file).summary().isComplete()).isFalse();
  }

  @Test
  void import_ofNoRows_isNotComplete() {
    assertThat(run(emptyRealm(), file()).summary().isComplete()).isFalse();
  }

  @Test
  void import_keepsNoPasswordThatCanNotBeVerified() {
    var realm = emptyRealm();
    var hash = "$2x$10$vwJZv2o3rKTrUKgakof7X.F0hubkbSjkoVEGPKhzF.nDFrjjieJMK";
    var result =
        run(realm, file(userLine("0000000000000001", "x", ",\"passwordHash\":\"" + hash + "\"")));
    var row = result.rows().get(0);
    assertThat(row.verdict()).isEqualTo(Verdict.IMPORTED);
    assertThat(row.password()).contains(PasswordVerdict.REFUSED_FORM);
    assertThat(result.summary().isComplete()).isFalse();
    assertThat(await(realm.users().find("x")).password()).isEmpty();
  }

  @Test
  void import_wrapsWeakHashes() {
    var realm = emptyRealm();
    var md5 = "5f4dcc3b5aa765d61d8327deb882cf99";
    run(realm, file(userLine("0000000000000001", "x", ",\"passwordHash\":\"" + md5 + "\"")));
    assertThat(await(realm.users().find("x")).password().orElseThrow().encoded())
        .startsWith("$wrapped$")
        .doesNotContain(md5);
  }

  /** Doppel's role may have more rights than that of the source, and so may the home's owners. */
  @Test
  void import_givesNoRoleAndNoHomeThatIsAnother() {
    var original = emptyRealm();
    await(original.createDefaults());
    await(original.roles().insert(new Role("reader", "of one collection", false, Map.of())));
    var changes = original.users().by(Authority.SERVER);
    var yan = await(changes.create(NewUser.named("yan")));
    await(changes.update(yan.id(), user -> user.withRole("reader")));
    var acme = await(original.organizations().create("acme", ""));
    await(changes.create(NewUser.named("zoe").withHome(acme.id(), Membership.MEMBER)));

    var target = emptyRealm();
    await(target.createDefaults());
    await(target.roles().insert(new Role("reader", "of everything", false, Map.of())));
    await(target.organizations().create("acme", "another one"));
    var result = run(target, export(original), false, ConflictRule.KEEP);
    assertThat(await(target.users().find("yan")).roles()).isEmpty();
    assertThat(result.rows())
        .filteredOn(row -> row.name().equals("yan"))
        .singleElement()
        .extracting(RowReport::lost)
        .isEqualTo(List.of("roles"));
    assertThat(result.rows())
        .filteredOn(row -> row.name().equals("zoe"))
        .singleElement()
        .extracting(row -> row.refusal().orElseThrow().why())
        .isEqualTo("home_missing");
  }

  @Test
  void import_refusesTimesThatAStoreCannotKeep() {
    var late = userLine("0000000000000001", "x", "").replace("2024", "+1000000000");
    var result = run(emptyRealm(), file(late, userLine("0000000000000002", "y", "")));
    assertThat(result.rows())
        .extracting(RowReport::verdict)
        .containsExactly(RowReport.Verdict.REFUSED, RowReport.Verdict.IMPORTED);
  }

  @Test
  void report_containsNoSecrets() {
    var original = filled();
    var all = new StringBuilder();
    var result = run(emptyRealm(), export(original));
    result.rows().forEach(row -> all.append(ImportReport.format(row)).append(row));
    all.append(result.summary().toJson()).append(result.summary().toMarkdown());
    assertThat(all.toString())
        .contains("anna", "\"algorithm\":\"bcrypt\"")
        .doesNotContain(BCRYPT.substring(7), TokenHash.of("secret-of-anna").hex());
  }

  private static void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> EstateSource.read(new ByteArrayInputStream(file)))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void source_refusesFileThatIsCutOffAnywhere() {
    var file = export(filled());
    assertRefused(new byte[0], "the file is empty");
    for (int length = 1; length < file.length - 1; length += 7) {
      var cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> EstateSource.read(new ByteArrayInputStream(cut)))
          .isInstanceOf(MigrationException.class);
    }
    var lines = new String(file, UTF_8).lines().toList();
    var withoutFooter = String.join("\n", lines.subList(0, lines.size() - 1)) + "\n";
    assertRefused(withoutFooter.getBytes(UTF_8), "without a footer");
  }

  @Test
  void source_refusesFileThatWasChanged() {
    var text = new String(export(filled()), UTF_8);
    assertRefused(text.replace("\"anna\"", "\"anne\"").getBytes(UTF_8), "was changed since");
    var lines = new ArrayList<>(text.lines().toList());
    lines.remove(1);
    assertRefused((String.join("\n", lines) + "\n").getBytes(UTF_8), "counts other rows");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"kind\":\"user\",\"kind\":\"user\"}|line 2: a member is given twice",
        "{\"kind\":\"user\"|line 2: not JSON from byte",
        "{\"kind\":\"usr\"}|line 2: kind: out of order",
        "{\"kind\":\"header\",\"format\":1}|line 2: kind: out of order",
        "[]|line 2: kind: out of order",
        "{\"kind\":\"user\"} x|line 2: not JSON",
      })
  void source_refusesLinesThatAreNotRows(String line, String message) {
    assertRefused(file(line), message);
  }

  @Test
  void source_refusesOtherFiles() throws IOException {
    assertRefused("name,password\nanna,x\n".getBytes(UTF_8), "line 1: not JSON");
    assertRefused("{\"id\":1}\n".getBytes(UTF_8), "line 1: not Doppel's format");
    assertRefused("{\"kind\":\"header\",\"format\":2}\n".getBytes(UTF_8), "format: 2 is not known");
    assertRefused(
        "{\"kind\":\"élodie\"}\n".getBytes(ISO_8859_1), "line 1 is not in UTF-8 at its byte 10");
    assertRefused("{}".getBytes(UTF_16), "UTF-16");
    assertRefused(file("{\"a\":" + "[".repeat(10_000)), "line 2: not JSON");
    assertRefused(file("\"" + "x".repeat(64 << 20)), "line 2 is longer than 67108864 bytes");
    var compressed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(export(filled()));
    }
    assertRefused(
        Arrays.copyOf(compressed.toByteArray(), compressed.size() - 30), "cut off or damaged");
    var whole = folder.resolve("estate.ndjson.gz");
    Files.write(whole, compressed.toByteArray());
    try (var source = EstateSource.open(whole)) {
      assertThat(source.rows().hasNext()).isTrue();
    }
    assertThatThrownBy(() -> EstateSource.open(folder.resolve("none")))
        .isInstanceOf(MigrationException.class)
        .hasMessage("no such file");
  }

  @Test
  void row_withUnknownMember_isRefusedWithASuggestion() {
    var result = run(emptyRealm(), file(userLine("0000000000000001", "x", ",\"emial\":\"x\"")));
    assertThat(result.rows().get(0).refusal().orElseThrow().sentence())
        .startsWith("'emial' is not known; use administrator, ")
        .endsWith("; did you mean 'email'?");
  }

  @Test
  void import_ofManyRows_isWrittenInBatches() {
    var lines = new ArrayList<String>();
    for (int i = 1; i <= 2_500; i++) {
      lines.add(userLine("%016x".formatted(i), "user" + i, ""));
    }
    lines.add(userLine("%016x".formatted(9_999), "user1", ""));
    for (int i = 1; i <= 2_500; i++) {
      lines.add(tokenLine("t" + i, "%016x".formatted(i)));
    }
    var file = file(lines.toArray(String[]::new));
    var realm = emptyRealm();
    for (var dryRun : List.of(true, false)) {
      var summary = run(realm, file, dryRun, ConflictRule.REFUSE).summary();
      assertThat(summary.rows()).isEqualTo(5_001);
      assertThat(summary.count("users", Verdict.IMPORTED)).isEqualTo(2_500);
      assertThat(summary.count("users", Verdict.REFUSED)).isEqualTo(1);
      assertThat(summary.count("tokens", Verdict.IMPORTED)).isEqualTo(2_500);
    }
    assertThat(users(realm)).hasSize(2_500);
  }
}
