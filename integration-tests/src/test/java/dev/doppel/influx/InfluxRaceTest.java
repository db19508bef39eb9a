package dev.doppel.influx;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.influx.InfluxDialect.Settings;
import dev.doppel.influx.InfluxDialect.Version;
import dev.doppel.integration.StoreKind;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.testkit.TestServer.Answer;
import dev.doppel.testkit.TwoGateways;
import dev.doppel.users.Authority;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.User;
import dev.doppel.users.UserQuery;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every logical change is atomic, whatever another gateway does at any step of it. */
class InfluxRaceTest {

  private static final Map.Entry<String, String> OPERATOR =
      Map.entry("Authorization", "Token " + TestRealm.OPERATOR_TOKEN);

  private static final String SETUP =
      "{\"username\":\"%s\",\"password\":\"P@ssw0rd\",\"org\":\"acme\",\"bucket\":\"data\"}";

  private static final int ROUNDS = 25;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  /**
   * Runs a script on a storage without users. Sessions are so short that every use extends them.
   */
  private void withoutUsers(StoreKind store, Consumer<TwoGateways> script) {
    var settings = new Settings(Version.V2_9, true, false, Duration.ofMinutes(1), true);
    try (var gateways =
        new TwoGateways(
            vertx, store, realm -> new InfluxDialect(realm, Fidelity.DOCUMENTED, settings))) {
      script.accept(gateways);
    }
  }

  /** Runs a script on a storage with the administrator {@code root} and the operator token. */
  private void withRoot(StoreKind store, Consumer<TwoGateways> script) {
    withoutUsers(
        store,
        gateways -> {
          var root = await(gateways.first().createAdministrator(new Password(TestRealm.PASSWORD)));
          await(
              gateways
                  .first()
                  .tokens()
                  .issueForEveryDialect(TestRealm.OPERATOR_TOKEN, root, "root's Token"));
          script.accept(gateways);
        });
  }

  private static Answer send(TestServer server, String method, String path, String body) {
    return server.send(method, "/api/v2" + path, List.of(OPERATOR), body);
  }

  private static String format(Answer answer) {
    return answer.status() + " " + answer.body();
  }

  private static User create(TwoGateways gateways, String name) {
    return await(gateways.second().users().by(Authority.SERVER).create(NewUser.named(name)));
  }

  private static Organization organization(TwoGateways gateways, String name) {
    return await(gateways.second().organizations().create(name, ""));
  }

  @ParameterizedTest
  @EnumSource
  void addedMember_whileOrganizationIsDeleted_hasNoMembership(StoreKind store) {
    withRoot(
        store,
        gateways -> {
          var ann = create(gateways, "ann");
          var body = "{\"id\":\"" + ann.id() + "\"}";
          var notFound =
              format(send(gateways.firstServer(), "POST", "/orgs/00000000000000aa/members", body));
          var failures = new ArrayList<String>();
          var steps = 0;
          while (true) {
            var org = organization(gateways, "acme" + steps);
            var path = "/orgs/" + org.id();
            var both =
                gateways.interleave(
                    ++steps,
                    () -> send(gateways.firstServer(), "POST", path + "/members", body),
                    () -> send(gateways.secondServer(), "DELETE", path, "").status());
            if (both.isEmpty()) {
              break;
            }
            var added = both.get().first();
            var user = await(gateways.second().users().find(ann.id()));
            if ((added.status() != 201 && !format(added).equals(notFound))
                || both.get().second() != 204
                || user.memberships().containsKey(org.id())) {
              failures.add("step " + steps + ": " + format(added) + user.memberships());
            }
          }
          assertThat(failures).as("of %s orders", steps).isEmpty();
          assertThat(steps).isGreaterThan(4);
        });
  }

  @ParameterizedTest
  @EnumSource
  void addedMember_whileBucketIsDeleted_hasNoMapping(StoreKind store) {
    withRoot(
        store,
        gateways -> {
          var org = organization(gateways, "acme");
          var ann = create(gateways, "ann");
          var body = "{\"id\":\"" + ann.id() + "\"}";
          var failures = new ArrayList<String>();
          var steps = 0;
          while (true) {
            var path = "/buckets/" + createBucket(gateways, org, "data" + steps);
            var both =
                gateways.interleave(
                    ++steps,
                    () -> send(gateways.firstServer(), "POST", path + "/members", body),
                    () -> send(gateways.secondServer(), "DELETE", path, "").status());
            if (both.isEmpty()) {
              break;
            }
            var added = both.get().first();
            var mappings = InfluxExtras.mappings(await(gateways.second().users().find(ann.id())));
            if ((added.status() != 201 && added.status() != 404)
                || both.get().second() != 204
                || !mappings.isEmpty()) {
              failures.add("step " + steps + ": " + format(added) + mappings);
            }
          }
          assertThat(failures).as("of %s orders", steps).isEmpty();
          assertThat(steps).isGreaterThan(4);
        });
  }

  private static String createBucket(TwoGateways gateways, Organization org, String name) {
    var body = new JsonObject().put("orgID", org.id().toString()).put("name", name).encode();
    return new JsonObject(send(gateways.secondServer(), "POST", "/buckets", body).body())
        .getString("id");
  }

  @ParameterizedTest
  @EnumSource
  void call_whileSessionEnds_succeedsOrIsUnauthorized(StoreKind store) {
    withRoot(
        store,
        gateways -> {
          var failures = new ArrayList<String>();
          var steps = 0;
          while (true) {
            var session = List.of(Map.entry("Cookie", signIn(gateways)));
            var both =
                gateways.interleave(
                    ++steps,
                    () -> gateways.firstServer().send("GET", "/api/v2/me", session, ""),
                    () ->
                        gateways
                            .secondServer()
                            .send("POST", "/api/v2/signout", session, "")
                            .status());
            if (both.isEmpty()) {
              break;
            }
            var status = both.get().first().status();
            if ((status != 200 && status != 401) || both.get().second() != 204) {
              failures.add("step " + steps + ": " + both);
            }
          }
          assertThat(failures).as("of %s orders", steps).isEmpty();
          assertThat(steps).isGreaterThan(3);
        });
  }

  private static String signIn(TwoGateways gateways) {
    var pair = ("root:" + TestRealm.PASSWORD).getBytes(StandardCharsets.UTF_8);
    var basic = Map.entry("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    var answer = gateways.secondServer().send("POST", "/api/v2/signin", List.of(basic), "");
    return String.valueOf(answer.headers().get("set-cookie"));
  }

  private static int setUp(TestServer server, String name) {
    return server.send("POST", "/api/v2/setup", List.of(), SETUP.formatted(name)).status();
  }

  private static List<User> users(TwoGateways gateways) {
    return await(gateways.second().users().list(UserQuery.first(10))).items();
  }

  /** The second setup is complete before the first continues, or waits for the end of the first. */
  @ParameterizedTest
  @EnumSource
  void interleavedSetups_haveOneWinner(StoreKind store) {
    withoutUsers(
        store,
        gateways -> {
          var failures = new ArrayList<String>();
          var steps = 0;
          while (true) {
            gateways.clear();
            var both =
                gateways.interleave(
                    ++steps,
                    () -> setUp(gateways.firstServer(), "ann"),
                    () -> setUp(gateways.secondServer(), "bea"));
            if (both.isEmpty()) {
              break;
            }
            var statuses = List.of(both.get().first(), both.get().second());
            var winner = statuses.get(0) == 201 ? "ann" : "bea";
            var users = users(gateways);
            if (!statuses.containsAll(List.of(201, 422))
                || !users.stream().map(User::name).toList().equals(List.of(winner))
                || users.stream().anyMatch(user -> !user.builtIn())) {
              failures.add("step " + steps + ": " + both + users);
            }
          }
          assertThat(failures).as("of %s orders", steps).isEmpty();
          assertThat(steps).isGreaterThan(7);
        });
  }

  @ParameterizedTest
  @EnumSource
  void concurrentSetups_haveOneWinner(StoreKind store) {
    withoutUsers(
        store,
        gateways -> {
          var failures = new ArrayList<String>();
          for (int round = 0; round < ROUNDS; round++) {
            gateways.clear();
            var statuses =
                Stream.of(
                        Map.entry(gateways.firstServer(), "ann"),
                        Map.entry(gateways.secondServer(), "bea"))
                    .parallel()
                    .map(one -> setUp(one.getKey(), one.getValue()))
                    .toList();
            if (!statuses.containsAll(List.of(201, 422)) || users(gateways).size() != 1) {
              failures.add(statuses + " " + users(gateways));
            }
          }
          assertThat(failures).as("of %s rounds", ROUNDS).isEmpty();
        });
  }

  /** A user created before the setup makes it fail; one created after it doesn't matter. */
  @ParameterizedTest
  @EnumSource
  void setup_whileUserIsCreated_succeedsOnlyIfFirst(StoreKind store) {
    withoutUsers(
        store,
        gateways -> {
          var failures = new ArrayList<String>();
          var steps = 0;
          while (true) {
            gateways.clear();
            var both =
                gateways.interleave(
                    ++steps,
                    () -> setUp(gateways.firstServer(), "ann"),
                    () -> create(gateways, "bea"));
            if (both.isEmpty()) {
              break;
            }
            if (both.get().first() != (both.get().withinChange() ? 201 : 422)) {
              failures.add("step " + steps + ": " + both);
            }
          }
          assertThat(failures).as("of %s orders", steps).isEmpty();
          assertThat(steps).isGreaterThan(7);
        });
  }

  @ParameterizedTest
  @EnumSource
  void failedSetup_leavesNothing(StoreKind store) {
    withoutUsers(
        store,
        gateways -> {
          var before = organizations(gateways);
          var failed = 0;
          while (gateways.withFailure(failed + 1, () -> setUp(gateways.firstServer(), "ann"))
              == 503) {
            failed++;
            assertThat(users(gateways)).isEmpty();
            assertThat(organizations(gateways)).isEqualTo(before);
          }
          assertThat(failed).isGreaterThan(3);
          assertThat(users(gateways)).extracting(User::name).containsExactly("ann");
        });
  }

  private static List<String> organizations(TwoGateways gateways) {
    return await(gateways.second().organizations().list()).stream()
        .map(Organization::name)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void failedCreationOfOrganization_leavesNone(StoreKind store) {
    withRoot(
        store,
        gateways -> {
          var before = organizations(gateways);
          var body = "{\"name\":\"acme\"}";
          var failed = 0;
          while (gateways
                  .withFailure(
                      failed + 1, () -> send(gateways.firstServer(), "POST", "/orgs", body))
                  .status()
              == 503) {
            failed++;
            assertThat(organizations(gateways)).isEqualTo(before);
          }
          assertThat(failed).isEqualTo(2);
          assertThat(organizations(gateways)).contains("acme");
        });
  }

  @ParameterizedTest
  @EnumSource
  void label_changedWhileDeleted_staysDeleted(StoreKind store) {
    withRoot(
        store,
        gateways -> {
          var acme = organization(gateways, "acme");
          var body = "{\"orgID\":\"" + acme.id() + "\",\"name\":\"urgent\"}";
          var failures = new ArrayList<String>();
          var steps = 0;
          while (true) {
            var made = send(gateways.secondServer(), "POST", "/labels", body).body();
            var path = "/labels/" + made.replaceAll("(?s).*\"id\": \"([0-9a-f]{16})\".*", "$1");
            var both =
                gateways.interleave(
                    ++steps,
                    () ->
                        send(gateways.firstServer(), "PATCH", path, "{\"name\":\"other\"}")
                            .status(),
                    () -> send(gateways.secondServer(), "DELETE", path, "").status());
            if (both.isEmpty()) {
              break;
            }
            var left = send(gateways.secondServer(), "GET", path, "").status();
            var answers = List.of(both.get().first(), both.get().second(), left);
            if (!answers.equals(List.of(404, 204, 404))
                && !answers.equals(List.of(200, 204, 404))) {
              failures.add("step " + steps + ": " + answers);
            }
          }
          assertThat(failures).as("of %s orders", steps).isEmpty();
          assertThat(steps).isGreaterThan(3);
        });
  }
}
