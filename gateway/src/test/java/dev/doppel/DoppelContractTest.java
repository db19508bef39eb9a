package dev.doppel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Listen;
import dev.doppel.DoppelConfig.Stores;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Suggestions;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.Http;
import dev.doppel.influx.InfluxOperation;
import dev.doppel.influx.InfluxVendor;
import dev.doppel.milvus.MilvusOperation;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import dev.doppel.workspace.WorkspaceVendor;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The API for tests, in this process and over HTTP: both do the same. */
@ParameterizedClass
@EnumSource
class DoppelContractTest {

  /** The forms in which the API reaches a gateway. */
  enum Form {
    LOCAL,
    CONNECTED
  }

  private static final DoppelConfig CONFIG = DoppelConfig.DEFAULT.toBuilder().port(0).build();
  private static final String TOKEN = "Token doppel-operator-token";

  @Parameter Form form;

  private Doppel started;
  private Doppel doppel;

  @BeforeEach
  void start() {
    start(CONFIG);
  }

  private void start(DoppelConfig config) {
    start(config, ConnectOptions.DEFAULT);
  }

  private void start(DoppelConfig config, ConnectOptions options) {
    if (started != null) {
      stop();
    }
    started = Doppel.start(config);
    doppel = form == Form.LOCAL ? started : Doppel.connect(started.uri(), options);
  }

  @AfterEach
  void stop() {
    doppel.close();
    started.close();
  }

  private int create(String name) {
    return create(doppel, name);
  }

  private static int create(Doppel doppel, String name) {
    return post(doppel, "{\"name\":\"" + name + "\"}");
  }

  private static int post(Doppel doppel, String body) {
    return new Http(doppel.uri())
        .send("POST", "/api/v2/users", body, "Authorization", TOKEN)
        .statusCode();
  }

  private int me(String token) {
    return new Http(doppel.uri())
        .send("GET", "/api/v2/me", "", "Authorization", token)
        .statusCode();
  }

  // ---- addresses and credentials

  @Test
  void addresses_areThoseOfGateway() {
    var listen = new Listen("127.0.0.1", 0, false, Map.of("influx", 0), Optional.empty());
    start(CONFIG.toBuilder().listen(listen).build());
    assertThat(doppel.uri()).isEqualTo(started.uri());
    assertThat(doppel.controlUri()).isEqualTo(started.controlUri());
    assertThat(doppel.uri(InfluxVendor.INSTANCE))
        .isEqualTo(started.uri(InfluxVendor.INSTANCE))
        .isNotEqualTo(doppel.uri());
    assertThat(doppel.uri(WorkspaceVendor.INSTANCE)).isEqualTo(doppel.uri());
  }

  @Test
  void administrator_isReadyToUse() {
    assertThat(doppel.administrator())
        .isEqualTo(
            new Doppel.Administrator("root", "Milvus", Optional.of("doppel-operator-token")));
  }

  @Test
  void administrator_isConfigured() {
    var wanted = new Doppel.Administrator("boss", "P@ssw0rd1", Optional.of("a-token"));
    var credentials =
        new Credentials(
            Optional.of("boss"),
            Optional.of(new Password("P@ssw0rd1")),
            Optional.of("a-token"),
            false);
    start(
        CONFIG.toBuilder().credentials(credentials).build(),
        ConnectOptions.DEFAULT.withAdministrator(wanted));
    assertThat(doppel.administrator()).isEqualTo(wanted);
    assertThat(me("Token a-token")).isEqualTo(200);
  }

  @Test
  void administrator_failsIfThereIsNone() {
    var blank = new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), true);
    start(CONFIG.toBuilder().credentials(blank).build());
    assertThatThrownBy(doppel::administrator)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("it was started blank, without an administrator");
  }

  // ---- seeds and resets

  @Test
  void seed_loadsEverything() {
    doppel
        .seed()
        .organization("acme", "makes everything")
        .newRole("reader", "reads")
        .user("ann")
        .password("P@ssw0rd1")
        .email("ann@example.com")
        .fullName("Ann Lee")
        .role("reader")
        .ownerOf("acme")
        .alias("influx", "0123456789abcdef")
        .token("ann-token")
        .user("bob")
        .inactive()
        .token("bob-token")
        .put();
    assertThat(me("Token ann-token")).isEqualTo(200);
    assertThat(me("Token bob-token")).isEqualTo(403);
  }

  @Test
  void seed_ofFile_loadsPermissionsAndExtras() {
    doppel.seed(
        Seed.parse(
            """
            roles: [{name: reader, extras: {milvus: {grants: [{privilege: Search, objectName: docs, dbName: default}]}}}]
            users:
              - name: ann
                status: active
                organizations: {acme: member}
                tokens:
                  - token: ann-reads-acme
                    organization: acme
                    expires: 2999-01-31T12:00:00Z
                    permissions: [{action: read, resource: {type: buckets, org: acme}}]
            """));
    var buckets =
        new Http(doppel.uri())
            .send("GET", "/api/v2/buckets", "", "Authorization", "Token ann-reads-acme");
    assertThat(buckets.statusCode()).isEqualTo(200);
    doppel.calls(InfluxOperation.GET_BUCKETS).withUser("ann").once();
  }

  @Test
  void seed_namesRowsThatAreTaken() {
    doppel.seed().user("ann").user("bob").put();
    var conflict =
        catchThrowableOfType(
            SeedConflictException.class,
            () -> doppel.seed().user("bob").user("cyd").user("ann").put());
    assertThat(conflict.lines()).hasSize(2);
    assertThat(conflict.lines().get(0)).startsWith("users[0]").contains("'bob'");
    assertThat(conflict.lines().get(1)).startsWith("users[2]").contains("'ann'");
    assertThat(create("cyd")).isEqualTo(201);
  }

  @Test
  void seed_rejectsInvalidRows() {
    var malformed =
        catchThrowableOfType(
            BadRequestException.class, () -> doppel.seed().user("ann").id("x").put());
    assertThat(malformed.lines())
        .containsExactly("users[0].id: 'x' is not allowed; use 16 hexadecimal digits");
  }

  @Test
  void reset_restoresInitialState() {
    create("ann");
    doppel.faults().inject(PlannedFault.of(Reason.UNAVAILABLE).forUser("nobody"));
    doppel.clock().advance(Duration.ofDays(1));
    doppel.reset();
    doppel.calls().never();
    assertThat(doppel.faults().planned()).isEmpty();
    assertThat(doppel.clock().instant()).isBefore(Instant.now().plusSeconds(3600));
    assertThat(create("ann")).isEqualTo(201);
  }

  // ---- clock

  @Test
  void clock_moves() {
    doppel.clock().set(Instant.parse("2031-02-03T04:05:06Z"));
    doppel.clock().advance(Duration.ofHours(1));
    var expected = Instant.parse("2031-02-03T05:05:06Z");
    assertThat(started.clock().instant()).isBetween(expected, expected.plusSeconds(600));
    assertThat(doppel.clock().instant()).isBetween(expected, expected.plusSeconds(600));
    assertThat(doppel.clock().millis())
        .isBetween(expected.toEpochMilli(), expected.plusSeconds(600).toEpochMilli());
    var zoned = doppel.clock().withZone(ZoneId.of("Asia/Tokyo"));
    assertThat(zoned.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
    doppel.clock().reset();
    assertThat(zoned.instant()).isBefore(expected);
    assertThat(started.clock().instant()).isBefore(expected);
  }

  @Test
  void clock_refusesTimesOutOfRange() {
    assertThatThrownBy(() -> doppel.clock().set(Instant.MAX)).isInstanceOf(DateTimeException.class);
    assertThatThrownBy(() -> doppel.clock().advance(Duration.ofDays(1L << 40)))
        .isInstanceOf(DateTimeException.class);
    assertThatThrownBy(() -> doppel.clock().advance(Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(DateTimeException.class);
    assertThat(doppel.clock().instant()).isBefore(Instant.now().plusSeconds(60));
  }

  // ---- faults

  @Test
  void fault_countsItsStrikes() {
    var fault =
        doppel
            .faults()
            .inject(PlannedFault.of(Reason.UNAVAILABLE).on(InfluxOperation.POST_USERS).every(2));
    var other = doppel.faults().inject(PlannedFault.of(Reason.INTERNAL).on("milvus"));
    assertThat(create("ann")).isEqualTo(201);
    assertThat(create("bob")).isEqualTo(503);
    assertThat(create("bob")).isEqualTo(201);
    assertThat(fault.strikes()).isEqualTo(1);
    assertThat(fault.seen()).isEqualTo(3);
    assertThat(other.strikes()).isZero();
    assertThat(doppel.calls().withStatus(503).list())
        .singleElement()
        .satisfies(call -> assertThat(call.fault()).hasValue(fault.id()));
  }

  @Test
  void remove_endsFaultAndKeepsItsCounts() {
    var fault = doppel.faults().inject(PlannedFault.of(Reason.UNAVAILABLE));
    var other = doppel.faults().inject(PlannedFault.of(Reason.INTERNAL).forUser("nobody"));
    assertThat(create("ann")).isEqualTo(503);
    fault.remove();
    fault.remove();
    assertThat(create("ann")).isEqualTo(201);
    assertThat(fault.strikes()).isEqualTo(1);
    assertThat(doppel.faults().planned()).containsExactly(other.plan());
  }

  @Test
  void strikes_failAfterReset() {
    var fault = doppel.faults().inject(PlannedFault.of(Reason.UNAVAILABLE));
    doppel.reset();
    fault.remove();
    assertThatThrownBy(fault::strikes)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("fault 1 was removed; with all others, or by a reset");
  }

  @Test
  void planned_areTheInjectedFaults() {
    var faults =
        List.of(
            PlannedFault.of(Reason.BAD_CREDENTIALS).on(MilvusOperation.CREATE_CREDENTIAL).times(3),
            PlannedFault.delay(Duration.ofMillis(10), Duration.ofSeconds(2))
                .on("influx")
                .forUser("a b&c")
                .forPath("/api/*")
                .withProbability(0.25, 7),
            PlannedFault.droppedConnection().every(2).delayed(Duration.ofMillis(1)),
            PlannedFault.truncatedBody(),
            PlannedFault.garbageBody(),
            PlannedFault.of(Reason.TIMED_OUT).afterTheChange());
    for (var fault : faults) {
      assertThat(doppel.faults().inject(fault).plan()).isEqualTo(fault);
    }
    assertThat(doppel.faults().planned()).isEqualTo(faults);
    doppel.faults().clear();
    assertThat(doppel.faults().planned()).isEmpty();
  }

  @Test
  void inject_rejectsUnknownDialect() {
    assertThatThrownBy(() -> doppel.faults().inject(PlannedFault.of(Reason.INTERNAL).on("oracle")))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(
            "dialect: "
                + Suggestions.notAllowed(
                    "oracle", Vendors.all().stream().map(Vendor::name).toList()));
  }

  @Test
  void inject_isLimited() {
    for (int i = 0; i < 1000; i++) {
      started.faults().inject(PlannedFault.of(Reason.INTERNAL).forUser("nobody"));
    }
    assertThatThrownBy(() -> doppel.faults().inject(PlannedFault.of(Reason.INTERNAL)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("1000 faults at most");
  }

  // ---- calls

  @Test
  void calls_areListed() {
    create("ann");
    doppel.clock().set(Instant.parse("2031-01-01T00:00:00Z"));
    create("ann");
    var calls = doppel.calls(InfluxOperation.POST_USERS).withUser("ann").list();
    assertThat(calls).extracting(JournalEntry::status).containsExactly(201, 422);
    var second = calls.get(1);
    assertThat(second.id()).isEqualTo(2);
    assertThat(second.time()).isAfterOrEqualTo(Instant.parse("2031-01-01T00:00:00Z"));
    assertThat(second.fidelity()).isEqualTo(Fidelity.DOCUMENTED);
    assertThat(second.reason()).contains(Reason.USER_EXISTS);
    assertThat(second.caller()).contains("root");
    assertThat(second.method()).isEqualTo("POST");
    assertThat(second.path()).isEqualTo("/api/v2/users");
    assertThat(second.took()).isPositive();
    assertThat(second.request().body()).isEqualTo("{\"name\":\"ann\"}");
    assertThat(second.request().headers())
        .anySatisfy(
            header -> {
              assertThat(header.name()).isEqualToIgnoringCase("Authorization");
              assertThat(header.value()).isEqualTo("Token ***");
            });
    assertThat(second.response().body()).contains("user with name ann already exists");
    assertThat(second).hasToString("#2 influx PostUsers of ann by root: 422 USER_EXISTS");
  }

  @Test
  void calls_areListedBeyondOnePage() {
    start(CONFIG.toBuilder().journal(1100).build());
    for (int i = 0; i < 1001; i++) {
      me(TOKEN);
    }
    assertThat(doppel.calls().list()).hasSize(1001);
    doppel.calls(InfluxOperation.GET_ME).of(InfluxOperation.GET_ME).times(1001);
  }

  @Test
  void calls_failWithoutJournal() {
    start(CONFIG.toBuilder().journal(0).build());
    assertThatThrownBy(doppel::calls)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the journal is off; configure one, of 1000 calls say");
  }

  @Test
  void conditions_narrow() {
    create("ann");
    create("bob");
    var anns = doppel.calls().withUser("ann");
    assertThat(anns.count()).isEqualTo(1);
    assertThat(anns.withUser("bob").count()).isZero();
    assertThat(doppel.calls().withUser("bob").withUser("ann").count()).isZero();
    assertThat(anns.withUser("ann").count()).isEqualTo(1);
    assertThat(anns.of(InfluxOperation.POST_USERS).of(InfluxOperation.GET_ME).count()).isZero();
    assertThat(anns.withStatus(201).withStatus(500).count()).isZero();
    assertThat(anns.withPath("/api/*").withPath("*/users").count()).isEqualTo(1);
    assertThat(anns.since(Instant.EPOCH).since(Instant.parse("2999-01-01T00:00:00Z")).count())
        .isZero();
  }

  @Test
  void expectations_hold() {
    create("ann");
    create("bob");
    doppel.calls(InfluxOperation.POST_USERS).times(2);
    doppel.calls(InfluxOperation.POST_USERS).withUser("ann").once();
    doppel.calls(InfluxOperation.POST_USERS).withStatus(201).atLeast(1);
    doppel.calls(InfluxOperation.POST_USERS).withStatus(201).atMost(2);
    doppel.calls(InfluxOperation.DELETE_USERS_ID).never();
    doppel.calls().withPath("/api/*").times(2);
    doppel.calls().since(doppel.clock().instant()).never();
  }

  @Test
  void deviating_findsCallsThatTheProductAnswersOtherwise() {
    create("alice");
    doppel.calls().deviating().never();
    post(doppel, "{}");
    doppel.calls(InfluxOperation.POST_USERS).deviating().withStatus(422).once();
    doppel.calls(InfluxOperation.POST_USERS).deviating().withStatus(201).never();
    doppel.calls().deviating().deviating().once();
    assertThat(doppel.calls().deviating().list().get(0).deviates())
        .containsExactly("influx: POST /users without a name");
    assertThatThrownBy(() -> doppel.calls().deviating().never())
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            expected 0 calls: any dialect, deviating
            but there were 1:
              #2 influx PostUsers by root: 422 INVALID_VALUE; deviates (influx: POST /users without a name)""");
  }

  /** What is sent then says nothing of the product. */
  @Test
  void replacedResponse_marksNoDeviation() {
    doppel.faults().inject(PlannedFault.of(Reason.UNAVAILABLE).afterTheChange().times(1));
    assertThat(post(doppel, "{}")).isEqualTo(503);
    doppel.calls().deviating().never();
    assertThat(post(doppel, "{}")).isEqualTo(422);
    doppel.calls().deviating().once();
  }

  @Test
  void failure_listsRecordedCalls() {
    create("alice");
    assertThatThrownBy(() -> doppel.calls(InfluxOperation.POST_USERS).withUser("bob").once())
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            expected 1 call: influx PostUsers of bob
            but there was none; the latest calls of all:
              #1 influx PostUsers of alice by root: 201
            nearest: #1 influx PostUsers of alice by root: 201; user differs: alice, root instead of bob""");
    assertThatThrownBy(() -> doppel.calls().never())
        .hasMessage(
            """
            expected 0 calls: any dialect
            but there were 1:
              #1 influx PostUsers of alice by root: 201""");
    assertThatThrownBy(() -> doppel.calls(MilvusOperation.CREATE_CREDENTIAL).once())
        .hasMessage(
            """
            expected 1 call: milvus CreateCredential
            but there was none; the latest calls of all:
              #1 influx PostUsers of alice by root: 201""");
  }

  @Test
  void failure_showsLatestOfTheNearestCalls() {
    create("bob");
    create("alice");
    create("alice");
    create("alice");
    me(TOKEN);
    assertThatThrownBy(
            () ->
                doppel
                    .calls(InfluxOperation.POST_USERS)
                    .withUser("alice")
                    .withStatus(201)
                    .atLeast(2))
        .hasMessage(
            """
            expected at least 2 calls: influx PostUsers of alice, status 201
            but there were 1:
              #2 influx PostUsers of alice by root: 201
            nearest: #4 influx PostUsers of alice by root: 422 USER_EXISTS; status differs: 422 instead of 201""");
  }

  @Test
  void failure_namesEveryDifference() {
    create("alice");
    assertThatThrownBy(
            () ->
                doppel
                    .calls(InfluxOperation.GET_ME)
                    .withUser("alice")
                    .withPath("/api/v2/me")
                    .since(Instant.parse("2999-01-01T00:00:00Z"))
                    .withStatus(201)
                    .withStatus(200)
                    .once())
        .message()
        .contains(
            "nearest: #1 influx PostUsers of alice by root: 201; operation differs: influx"
                + " PostUsers instead of influx GetMe; path differs: /api/v2/users instead of"
                + " /api/v2/me; time differs: ")
        .endsWith(" is before 2999-01-01T00:00:00Z; status differs: 201 instead of 200");
  }

  /** Creates a user once the expectation has looked at the journal. */
  private CompletableFuture<Void> createLater(String name) {
    return CompletableFuture.runAsync(
        () -> create(name), CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
  }

  @Test
  void within_waitsForLaterCalls() {
    var later = createLater("ann");
    doppel.calls(InfluxOperation.POST_USERS).within(Duration.ofSeconds(30)).atLeast(1);
    later.join();
  }

  @Test
  void never_failsAtCallWithinTime() {
    var later = createLater("ann");
    var begin = System.nanoTime();
    assertThatThrownBy(
            () -> doppel.calls(InfluxOperation.POST_USERS).within(Duration.ofMinutes(5)).never())
        .hasMessageStartingWith("expected 0 calls");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(5));
    later.join();
  }

  @Test
  void maximum_holdsForWholeTime() {
    create("ann");
    for (var second : List.<Runnable>of(this::onceWithin, this::atMostOneWithin)) {
      var later = createLater("bob");
      assertThatThrownBy(second::run).isInstanceOf(AssertionError.class);
      later.join();
      doppel.reset();
      create("ann");
    }
  }

  private void onceWithin() {
    doppel.calls(InfluxOperation.POST_USERS).within(Duration.ofMinutes(5)).once();
  }

  private void atMostOneWithin() {
    doppel.calls(InfluxOperation.POST_USERS).within(Duration.ofMinutes(5)).atMost(1);
  }

  @Test
  void once_succeedsAfterWholeTime() {
    create("ann");
    var begin = System.nanoTime();
    doppel.calls(InfluxOperation.POST_USERS).within(Duration.ofMillis(200)).once();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(199));
  }

  // ---- realms

  @Test
  void openedRealm_hasOptionsOfItsOwn() {
    var options =
        RealmOptions.DEFAULT
            .withName("old-influx")
            .withSeed(Seed.parse("users: [{name: ann, password: P@ssw0rd1}]"))
            .withDialects(InfluxVendor.INSTANCE)
            .withFidelity(InfluxVendor.INSTANCE, Fidelity.OBSERVED)
            .withVersion(InfluxVendor.INSTANCE, "2.7");
    try (var realm = doppel.openRealm(options)) {
      assertThat(create(realm, "ann")).isEqualTo(422);
      assertThat(realm.calls().list())
          .extracting(JournalEntry::fidelity)
          .containsExactly(Fidelity.OBSERVED);
      var http = new Http(realm.uri());
      assertThat(http.send("GET", "/ping", "").headers().firstValue("X-Influxdb-Version"))
          .contains("v2.7.12");
      assertThat(http.send("GET", "/v2/vectordb/users/list", "").body())
          .isEqualTo("404 page not found\n");
      realm.reset();
      assertThat(create(realm, "ann")).as("seeded again").isEqualTo(422);
      assertThatThrownBy(() -> doppel.openRealm(options))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a realm named 'old-influx' is open already");
    }
    assertThatThrownBy(
            () -> doppel.openRealm(RealmOptions.DEFAULT.withDialects(List.of("influks"))))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("did you mean 'influx'?");
    try (var realm = doppel.openRealm(RealmOptions.DEFAULT.withStores(Stores.SEPARATE))) {
      create(realm, "bob");
      realm.calls(InfluxOperation.POST_USERS).withUser("bob").withStatus(201).once();
    }
  }

  @Test
  void realms_areIsolated() {
    try (var realm = doppel.openRealm();
        var another = realm.openRealm()) {
      assertThat(create(realm, "ann")).isEqualTo(201);
      assertThat(create(realm, "ann")).isEqualTo(422);
      assertThat(create(another, "ann")).isEqualTo(201);
      assertThat(create(doppel, "ann")).isEqualTo(201);
      realm.calls().times(2);
      another.calls().once();
      realm.faults().inject(PlannedFault.of(Reason.UNAVAILABLE));
      realm.clock().advance(Duration.ofDays(1));
      assertThat(create(realm, "bob")).isEqualTo(503);
      assertThat(create(another, "bob")).isEqualTo(201);
      assertThat(realm.uri()).isNotEqualTo(another.uri());
      assertThat(realm.uri(InfluxVendor.INSTANCE)).isEqualTo(realm.uri());
      assertThat(realm.administrator()).isEqualTo(doppel.administrator());
      realm.reset();
      realm.calls().never();
      another.calls().times(2);
    }
    assertThat(create("bob")).isEqualTo(201);
  }

  // ---- mails and two factors

  private JsonObject workspace(Doppel realm, String method, String path, String body) {
    return workspace(realm, method, path, body, "doppel-operator-token");
  }

  private JsonObject workspace(
      Doppel realm, String method, String path, String body, String token) {
    var answer =
        new Http(realm.uri())
            .send(
                method,
                "/v1" + path,
                body,
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                "application/json");
    return new JsonObject(answer.body()).put("status", answer.statusCode());
  }

  private int forget(Doppel realm, String email) {
    var body = new JsonObject().put("email", email).encode();
    return workspace(realm, "POST", "/auth/register/forgot-password", body).getInteger("status");
  }

  @Test
  void mails_areFiltered_andClearedByReset() {
    for (var name : List.of("ann", "bob")) {
      doppel.seed().user(name).email(name + "@example.com").put();
      assertThat(forget(doppel, name + "@example.com")).isEqualTo(200);
    }
    assertThat(doppel.mails().count()).isEqualTo(2);
    var mail = doppel.mails().to("Ann@example.com").ofKind("forgot-password").latest();
    assertThat(mail.user()).contains("ann");
    assertThat(mail.dialect()).isEqualTo("workspace");
    assertThat(mail.to()).isEqualTo("ann@example.com");
    assertThat(mail.time()).isBeforeOrEqualTo(doppel.clock().instant());
    assertThat(mail.text()).contains(mail.token().orElseThrow());
    assertThat(mail.toString()).doesNotContain(mail.token().orElseThrow());
    assertThat(doppel.mails().withUser("bob").list())
        .singleElement()
        .satisfies(one -> assertThat(one.id()).isEqualTo(2));
    assertThatThrownBy(() -> doppel.mails().withUser("bob").ofKind("verify").latest())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no mail: kind verify, user bob")
        .hasMessageContaining("forgot-password to ann@example.com")
        .message()
        .doesNotContain(mail.token().orElseThrow());
    assertThat(forget(doppel, "ann@example.com")).isEqualTo(400);
    doppel.clock().advance(Duration.ofMinutes(1));
    assertThat(forget(doppel, "ann@example.com")).isEqualTo(200);
    doppel.mails().clear();
    assertThat(doppel.mails().list()).isEmpty();
    doppel.reset();
    assertThat(forget(doppel, "ann@example.com")).as("as at the start").isEqualTo(200);
    assertThat(doppel.mails().count()).as("the user is gone").isZero();
  }

  @Test
  void mails_areThoseOfTheRealm() {
    try (var realm = doppel.openRealm()) {
      realm.seed().user("ann").email("ann@example.com").put();
      assertThat(forget(realm, "ann@example.com")).isEqualTo(200);
      assertThat(realm.mails().count()).isEqualTo(1);
      assertThat(doppel.mails().count()).isZero();
    }
  }

  @Test
  void mails_ofMoreThanOnePage_areAllListed() {
    var number = 130;
    for (int i = 0; i < number; i++) {
      doppel.seed().user("user" + i).email("user" + i + "@example.com").put();
      assertThat(forget(doppel, "user" + i + "@example.com")).isEqualTo(200);
    }
    assertThat(doppel.mails().list())
        .extracting(MailEntry::id)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, number).boxed().toList());
  }

  @Test
  void twoFactorCode_completesSignIn() {
    doppel.seed().user("ann").password("P@ssw0rd1").token("ann-token").put();
    assertThatThrownBy(() -> doppel.twoFactorCode("ann"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'ann' is no user with two-factor authentication");
    assertThatThrownBy(() -> doppel.twoFactorCode("nobody"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'nobody' is no user with two-factor authentication");
    // A vector of RFC 6238: the secret is 12345678901234567890, the last six digits of the code.
    doppel.clock().set(Instant.ofEpochSecond(20_000_000_000L));
    var activation =
        new JsonObject()
            .put("secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
            .put("twoFactorCode", "353130");
    var activated = workspace(doppel, "POST", "/auth/two-factor", activation.encode(), "ann-token");
    assertThat(activated.getInteger("status")).isEqualTo(200);
    assertThat(doppel.twoFactorCode("ann")).isEqualTo("353130");
    doppel.clock().advance(Duration.ofSeconds(30));
    var code = doppel.twoFactorCode("ann");
    assertThat(code).matches("[0-9]{6}").isNotEqualTo("353130");
    var payload =
        new JsonObject()
            .put("email", "ann")
            .put("password", "P@ssw0rd1")
            .put("twoFactorCode", code);
    var login = new JsonObject().put("provider", "traditional").put("payload", payload);
    var signedIn = workspace(doppel, "POST", "/auth/login", login.encode());
    assertThat(signedIn.getInteger("status")).isEqualTo(200);
  }

  @Test
  void close_isRepeatable() {
    var realm = doppel.openRealm();
    realm.close();
    realm.close();
    assertThat(create("ann")).isEqualTo(201);
    doppel.close();
    doppel.close();
  }
}
