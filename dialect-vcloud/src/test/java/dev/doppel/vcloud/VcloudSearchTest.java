package dev.doppel.vcloud;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.users.Authority;
import dev.doppel.users.NewUser;
import dev.doppel.users.Status;
import dev.doppel.vcloud.VcloudProfile.ProviderType;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * Compares filtered and sorted lists of users with the complete list, which is filtered and sorted
 * by the test itself.
 */
class VcloudSearchTest {

  private static final int USERS = 80;
  private static final List<String> WORDS =
      List.of(
          "a",
          "b",
          "A",
          "ab",
          "aBc",
          "a b",
          "b@doppel",
          "x;y",
          "c,(d)",
          "é",
          "a\"b",
          "\\",
          "p==q,r",
          "\\n");

  /** No quote at the start, and no backslash that would escape what comes after it. */
  private static final Pattern CAN_BE_ESCAPED =
      Pattern.compile("(?![\"'])([^\\\\]|\\\\(?![();,]|$))+", Pattern.DOTALL);

  /** A filter, and whether a user as displayed matches it. */
  private record Filter(String fiql, Predicate<JsonObject> matches) {}

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private TestServer server;
  private Map.Entry<String, String> token;
  private Map.Entry<String, String> providerToken;

  @BeforeProperty
  void start() {
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    server = new TestServer(vertx, new VcloudDialect(realm.realm(), Fidelity.DOCUMENTED));
    var random = new Random(5);
    for (int i = 0; i < USERS; i++) {
      create(random, i);
    }
    token = signIn("/sessions", "root@doppel");
    providerToken = signIn("/sessions/provider", "administrator@System");
  }

  private Map.Entry<String, String> signIn(String path, String name) {
    var pair = name + ":" + TestRealm.ROOT_PASSWORD;
    var session =
        server.send(
            "POST",
            "/cloudapi/1.0.0" + path,
            List.of(
                Map.entry(
                    "Authorization",
                    "Basic "
                        + Base64.getEncoder()
                            .encodeToString(pair.getBytes(StandardCharsets.UTF_8)))),
            "");
    return Map.entry(
        "Authorization", "Bearer " + session.headers().get("x-vmware-vcloud-access-token"));
  }

  private void create(Random random, int i) {
    var profile =
        new VcloudProfile(
            word(random),
            word(random),
            random.nextBoolean() ? null : pick(random, List.of(ProviderType.values())),
            random.nextBoolean() ? null : random.nextInt(4),
            random.nextBoolean() ? null : random.nextInt(20),
            null,
            null);
    var user =
        NewUser.named(pick(random, WORDS) + i + (random.nextInt(5) == 0 ? "@doppel" : ""))
            .withStatus(random.nextBoolean() ? Status.ACTIVE : Status.INACTIVE);
    user = random.nextBoolean() ? user : user.withEmail(pick(random, WORDS) + "@example.com");
    user = random.nextBoolean() ? user : user.withFullName(pick(random, WORDS));
    user = random.nextInt(4) == 0 ? user : user.withExtras("vcloud", profile.toJson());
    await(realm.realm().users().by(Authority.SERVER).create(user));
  }

  private static String word(Random random) {
    return random.nextBoolean() ? null : pick(random, WORDS);
  }

  private static <T> T pick(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  @AfterProperty
  void stop() {
    server.close();
    realm.close();
    await(vertx.close());
  }

  private List<JsonObject> list(String version, String query) {
    var users = new ArrayList<JsonObject>();
    for (int page = 1; ; page++) {
      var answer =
          server.send(
              "GET",
              "/cloudapi/1.0.0/users?pageSize=33&page=" + page + query,
              List.of(token, Map.entry("Accept", "application/json;version=" + version)),
              "");
      assertThat(answer.status()).as(query + " " + answer.body()).isEqualTo(200);
      var body = new JsonObject(answer.body());
      body.getJsonArray("values").forEach(user -> users.add((JsonObject) user));
      if (page >= body.getInteger("pageCount")) {
        assertThat(users).hasSize(body.getInteger("resultTotal"));
        return users;
      }
    }
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void filter_findsMatchingUsers(
      @ForAll("versions") String version, @ForAll("filters") Filter filter) {
    assertSame(version, filter);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void filterOfQuotas_findsMatchingUsers(@ForAll("filtersOfQuotas") Filter filter) {
    assertSame("36.3", filter);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void filterOfOlderApi_findsMatchingRecords(@ForAll("filtersOfRecords") Filter filter) {
    for (var type : List.of("user", "adminUser")) {
      var query = "&filter=" + URLEncoder.encode(filter.fiql, StandardCharsets.UTF_8);
      assertThat(records(type, query))
          .as(type)
          .containsExactlyElementsOf(records(type, "").stream().filter(filter.matches).toList());
    }
  }

  /** Returns the records of the older API's users. */
  private List<JsonObject> records(String type, String query) {
    var session = type.equals("user") ? token : providerToken;
    var answer =
        server.send(
            "GET",
            "/api/query?pageSize=128&type=" + type + query,
            List.of(session, Map.entry("Accept", "application/*+json;version=39.1")),
            "");
    assertThat(answer.status()).as(query + " " + answer.body()).isEqualTo(200);
    var body = new JsonObject(answer.body());
    var records = body.getJsonArray("record").stream().map(JsonObject.class::cast).toList();
    assertThat(records).hasSize(body.getInteger("total"));
    return records;
  }

  private void assertSame(String version, Filter filter) {
    var found = list(version, "&filter=" + URLEncoder.encode(filter.fiql, StandardCharsets.UTF_8));
    assertThat(found)
        .containsExactlyElementsOf(list(version, "").stream().filter(filter.matches).toList());
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void order_isByTheProperty(@ForAll("sortable") String property, @ForAll boolean descending) {
    var version = property.equals("phone") ? "39.1" : "36.3";
    var sorted = list(version, (descending ? "&sortDesc=" : "&sortAsc=") + property);
    Comparator<JsonObject> byValue =
        Comparator.comparing(
            (JsonObject user) -> value(user, property),
            Comparator.nullsLast(VcloudSearchTest::order));
    assertThat(sorted)
        .isEqualTo(
            list(version, "").stream()
                .sorted(
                    (descending ? byValue.reversed() : byValue)
                        .thenComparing(user -> user.getString("id")))
                .toList());
  }

  private static int order(Object one, Object other) {
    if (one instanceof Integer) {
      return Integer.compare((Integer) one, (Integer) other);
    }
    return one instanceof Boolean
        ? Boolean.compare((Boolean) one, (Boolean) other)
        : one.toString().compareTo(other.toString());
  }

  private static Object value(JsonObject user, String property) {
    var dot = property.indexOf('.');
    return dot < 0
        ? user.getValue(property)
        : user.getJsonObject(property.substring(0, dot)).getValue(property.substring(dot + 1));
  }

  @Provide
  Arbitrary<String> sortable() {
    return Arbitraries.of(
        "fullName",
        "description",
        "email",
        "enabled",
        "providerType",
        "phone",
        "deployedVmQuota",
        "storedVmQuota");
  }

  @Provide
  Arbitrary<String> versions() {
    return Arbitraries.of("39.0", "39.1");
  }

  @Provide
  Arbitrary<Filter> filters() {
    return filters(Arbitraries.oneOf(texts(), booleans(), ids()), 3);
  }

  @Provide
  Arbitrary<Filter> filtersOfQuotas() {
    return filters(Arbitraries.oneOf(quotas(), quotas(), booleansOf("enabled")), 3);
  }

  @Provide
  Arbitrary<Filter> filtersOfRecords() {
    var flags =
        Arbitraries.of("isEnabled", "isLdapUser", "isExternal")
            .flatMap(VcloudSearchTest::booleansOf);
    var providers =
        Combinators.combine(
                Arbitraries.of("==", "!="),
                Arbitraries.of("INTEGRATED", "SAML", "OAUTH", "LOCAL", "LDAP", "x"))
            .as((sign, value) -> compare("identityProviderType", sign, value));
    return filters(
        Arbitraries.oneOf(textsOf(Arbitraries.of("name", "fullName")), flags, providers), 3);
  }

  /** Generates comparisons, and groups of them. */
  private static Arbitrary<Filter> filters(Arbitrary<Filter> comparisons, int depth) {
    if (depth == 0) {
      return comparisons;
    }
    var parts = filters(comparisons, depth - 1).list().ofMinSize(1).ofMaxSize(3);
    return Arbitraries.frequencyOf(
        Tuple.of(2, comparisons),
        Tuple.of(1, parts.map(all -> join(all, ";"))),
        Tuple.of(1, parts.map(all -> join(all, ","))),
        Tuple.of(1, mixed(comparisons)));
  }

  private static Filter join(List<Filter> parts, String sign) {
    var fiql = parts.stream().map(part -> "(" + part.fiql + ")").collect(Collectors.joining(sign));
    return new Filter(
        fiql,
        sign.equals(";")
            ? user -> parts.stream().allMatch(part -> part.matches.test(user))
            : user -> parts.stream().anyMatch(part -> part.matches.test(user)));
  }

  /** Generates {@code a,b;c}: without a group, AND binds more tightly than OR. */
  private static Arbitrary<Filter> mixed(Arbitrary<Filter> comparisons) {
    return Combinators.combine(comparisons, comparisons, comparisons)
        .as(
            (a, b, c) ->
                new Filter(
                    a.fiql + "," + b.fiql + ";" + c.fiql,
                    user ->
                        a.matches.test(user) || (b.matches.test(user) && c.matches.test(user))));
  }

  private static Arbitrary<Filter> texts() {
    var properties =
        Arbitraries.of(
            "username",
            "fullName",
            "description",
            "email",
            "nameInSource",
            "providerType",
            "phone",
            "orgEntityRef.name");
    return textsOf(properties);
  }

  private static Arbitrary<Filter> textsOf(Arbitrary<String> properties) {
    var numbered = Arbitraries.integers().between(0, USERS - 1).map(i -> "" + i);
    var words =
        Combinators.combine(
                Arbitraries.of(WORDS),
                Arbitraries.frequencyOf(Tuple.of(2, Arbitraries.just("")), Tuple.of(1, numbered)),
                Arbitraries.of("", "", "", "@example.com", "@doppel"))
            .as((word, number, end) -> word + number + end);
    var values = Arbitraries.oneOf(words, Arbitraries.of("LOCAL", "SAML", "doppel", "other"));
    var wild =
        Combinators.combine(Arbitraries.of("*%s", "%s*", "*%s*", "*"), values)
            .as((pattern, value) -> pattern.formatted(value));
    var escapes = Arbitraries.of(true, false);
    return Arbitraries.oneOf(
        Combinators.combine(properties, Arbitraries.oneOf(values, wild), escapes)
            .as(
                (property, value, escape) ->
                    new Filter(property + "==" + write(value, escape), equal(property, value))),
        Combinators.combine(properties, values, escapes)
            .as(
                (property, value, escape) ->
                    new Filter(
                        property + "!=" + write(value, escape),
                        Predicate.not(equal(property, value)))));
  }

  /** Writes a value with backslashes if wanted and possible, or in quotes if necessary. */
  private static String write(String value, boolean escape) {
    return escape && CAN_BE_ESCAPED.matcher(value).matches()
        ? value.replaceAll("([();,])", "\\\\$1")
        : quote(value);
  }

  /** Quotes a value if it contains a character with a special meaning. */
  private static String quote(String value) {
    return value.matches("[^\"'();,\\\\]*")
        ? value
        : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static Predicate<JsonObject> equal(String property, String wanted) {
    if (wanted.indexOf('*') < 0) {
      return user -> wanted.equals(Objects.toString(value(user, property), null));
    }
    var pattern =
        Pattern.compile(
            Stream.of(wanted.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")),
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    return user ->
        Optional.ofNullable(value(user, property))
            .filter(value -> pattern.matcher(value.toString()).matches())
            .isPresent();
  }

  private static Arbitrary<Filter> booleans() {
    return Arbitraries.of("enabled", "locked", "stranded").flatMap(VcloudSearchTest::booleansOf);
  }

  private static Arbitrary<Filter> booleansOf(String property) {
    return Combinators.combine(Arbitraries.of("==", "!="), Arbitraries.of("true", "false"))
        .as((sign, value) -> compare(property, sign, value));
  }

  private static Filter compare(String property, String sign, String value) {
    var equal = equal(property, value);
    return new Filter(property + sign + value, sign.equals("==") ? equal : Predicate.not(equal));
  }

  private Arbitrary<Filter> ids() {
    var known = list("39.1", "").stream().map(user -> user.getString("id")).toList();
    return Combinators.combine(
            Arbitraries.of("==", "!="),
            Arbitraries.oneOf(
                Arbitraries.of(known),
                Arbitraries.of("urn:vcloud:user:00000000-0000-8000-8000-00000000000f", "x")))
        .as((sign, id) -> compare("id", sign, id));
  }

  private static Arbitrary<Filter> quotas() {
    return Combinators.combine(
            Arbitraries.of("deployedVmQuota", "storedVmQuota"),
            Arbitraries.of("==", "!=", "=gt=", "=ge=", "=lt=", "=le="),
            Arbitraries.integers().between(-1, 20))
        .as(
            (property, sign, number) ->
                new Filter(
                    property + sign + number,
                    user -> isInOrder(user.getInteger(property).compareTo(number), sign)));
  }

  private static boolean isInOrder(int order, String sign) {
    return switch (sign) {
      case "==" -> order == 0;
      case "!=" -> order != 0;
      case "=gt=" -> order > 0;
      case "=ge=" -> order >= 0;
      case "=lt=" -> order < 0;
      default -> order <= 0;
    };
  }
}
