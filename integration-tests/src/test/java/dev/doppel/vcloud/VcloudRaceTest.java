package dev.doppel.vcloud;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.integration.StoreKind;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.testkit.TestServer.Answer;
import dev.doppel.testkit.TwoGateways;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.User;
import dev.doppel.users.UserQuery;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every logical change is atomic, whatever another gateway does at any step of it. */
class VcloudRaceTest {

  private static final Map.Entry<String, String> ACCEPT =
      Map.entry("Accept", "application/json;version=39.1");

  private static final String USERS = "/cloudapi/1.0.0/users";
  private static final String BOB =
      "{\"username\":\"bob\",\"password\":\"secret1\","
          + "\"roleEntityRefs\":[{\"name\":\"vApp User\"}]}";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  /**
   * Two gateways and a session of {@code root} in System.
   *
   * @param session headers of the session
   */
  private record World(TwoGateways gateways, User root, List<Map.Entry<String, String>> session) {

    List<Map.Entry<String, String>> in(Organization organization) {
      var headers = new ArrayList<>(session);
      headers.add(
          Map.entry("X-VMWARE-VCLOUD-TENANT-CONTEXT", VcloudUrn.of(organization).toString()));
      return headers;
    }

    Organization organization(String name) {
      return await(gateways.second().organizations().create(name, ""));
    }

    User create(NewUser user) {
      return await(gateways.second().users().by(Authority.SERVER).create(user));
    }

    void delete(User user) {
      await(gateways.second().users().by(Authority.SERVER).delete(user.id()));
    }

    List<User> users() {
      return await(gateways.second().users().list(UserQuery.first(100))).items();
    }

    /** Deletes all users except the administrator. */
    void reset() {
      users().stream().filter(user -> !user.id().equals(root.id())).forEach(this::delete);
    }

    long countShownAs(String name, Organization organization) {
      return users().stream()
          .filter(user -> gateways.second().organizations().has(organization, user))
          .filter(user -> VcloudNames.displayName(user, organization).equals(name))
          .count();
    }
  }

  private void with(StoreKind store, Consumer<World> script) {
    try (var gateways =
        new TwoGateways(vertx, store, realm -> new VcloudDialect(realm, Fidelity.DOCUMENTED))) {
      var root = await(gateways.first().createAdministrator(new Password(TestRealm.PASSWORD)));
      var session = signIn(gateways.secondServer(), "/cloudapi/1.0.0/sessions/provider", "System");
      script.accept(new World(gateways, root, bearer(session)));
    }
  }

  private static Answer signIn(TestServer server, String path, String organization) {
    var pair = ("root@" + organization + ":" + TestRealm.PASSWORD).getBytes(StandardCharsets.UTF_8);
    var basic = Map.entry("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    return server.send("POST", path, List.of(ACCEPT, basic), "");
  }

  private static List<Map.Entry<String, String>> bearer(Answer session) {
    return bearer(String.valueOf(session.headers().get("x-vmware-vcloud-access-token")));
  }

  private static List<Map.Entry<String, String>> bearer(String token) {
    return List.of(
        ACCEPT,
        Map.entry("Authorization", "Bearer " + token),
        Map.entry("Content-Type", "application/json"));
  }

  @ParameterizedTest
  @EnumSource
  void concurrentCreations_whileNamesakeIsDeleted_createOneUser(StoreKind store) {
    with(
        store,
        world -> {
          var acme = world.organization("acme");
          var failures = new ArrayList<String>();
          var steps = 0;
          while (true) {
            world.reset();
            var namesake = world.create(NewUser.named("bob"));
            var both =
                world.gateways.interleave(
                    ++steps,
                    () -> world.gateways.firstServer().send("POST", USERS, world.in(acme), BOB),
                    () -> {
                      world.delete(namesake);
                      return world.gateways.secondServer().send("POST", USERS, world.in(acme), BOB);
                    });
            if (both.isEmpty()) {
              break;
            }
            var statuses = List.of(both.get().first().status(), both.get().second().status());
            if (!statuses.containsAll(List.of(201, 400)) || world.countShownAs("bob", acme) != 1) {
              failures.add("step " + steps + ": " + statuses + world.users());
            }
          }
          assertThat(failures).as("of %s orders", steps).isEmpty();
          assertThat(steps).isGreaterThan(7);
        });
  }

  /** InfluxDB's operation for members does this: it knows nothing of names per organization. */
  @ParameterizedTest
  @EnumSource
  void creation_whileNamesakeIsAdded_leavesOneUser(StoreKind store) {
    with(
        store,
        world -> {
          var acme = world.organization("acme");
          var failures = new ArrayList<String>();
          var steps = 0;
          while (true) {
            world.reset();
            var namesake = world.create(NewUser.named("bob"));
            var both =
                world.gateways.interleave(
                    ++steps,
                    () ->
                        world
                            .gateways
                            .firstServer()
                            .send("POST", USERS, world.in(acme), BOB)
                            .status(),
                    () -> addMember(world, namesake, acme));
            if (both.isEmpty()) {
              break;
            }
            if (both.get().first() != (both.get().second() ? 400 : 201)
                || world.countShownAs("bob", acme) != 1) {
              failures.add("step " + steps + ": " + both + world.users());
            }
          }
          assertThat(failures).as("of %s orders", steps).isEmpty();
        });
  }

  private static boolean addMember(World world, User user, Organization organization) {
    return await(
        Failure.emptyIf(
                Reason.USER_EXISTS,
                world
                    .gateways
                    .second()
                    .users()
                    .by(Authority.SERVER)
                    .update(
                        user.id(), one -> one.withMembership(organization.id(), Membership.MEMBER)))
            .map(added -> added.isPresent()));
  }

  @ParameterizedTest
  @EnumSource
  void creation_whileOrganizationIsDeleted_succeedsOrIsForbidden(StoreKind store) {
    with(
        store,
        world -> {
          var failures = new ArrayList<String>();
          var steps = 0;
          while (true) {
            world.reset();
            var acme = world.organization("acme");
            var both =
                world.gateways.interleave(
                    ++steps,
                    () ->
                        world
                            .gateways
                            .firstServer()
                            .send("POST", USERS, world.in(acme), BOB)
                            .status(),
                    () ->
                        await(
                            world
                                .gateways
                                .second()
                                .organizations()
                                .delete(Authority.SERVER, acme.id())));
            if (both.isEmpty()) {
              break;
            }
            if (both.get().first() != 201 && both.get().first() != 403) {
              failures.add("step " + steps + ": " + both);
            }
          }
          assertThat(failures).as("of %s orders", steps).isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource
  void failedDeletion_deletesNobody(StoreKind store) {
    with(
        store,
        world -> {
          var ann = world.create(NewUser.named("ann"));
          var path = USERS + "/" + VcloudUrn.of(ann);
          var doppel = await(world.gateways.second().organizations().defaultOrganization());
          var failed = 0;
          var answer = 0;
          while ((answer =
                  world.gateways.withFailure(
                      failed + 1,
                      () ->
                          world
                              .gateways
                              .firstServer()
                              .send("DELETE", path, world.in(doppel), "")
                              .status()))
              == 503) {
            failed++;
            assertThat(world.users()).contains(ann);
          }
          assertThat(answer).isEqualTo(202);
          assertThat(failed).isEqualTo(2);
          assertThat(world.users()).hasSize(1);
        });
  }

  @ParameterizedTest
  @EnumSource
  void failedTokenExchange_keepsRegistration(StoreKind store) {
    with(
        store,
        world -> {
          var server = world.gateways.firstServer();
          var registered =
              server.send(
                  "POST",
                  "/oauth/provider/register",
                  world.session,
                  "{\"client_name\":\"laptop\"}");
          var client = registered.body().replaceAll(".*\"client_id\":\"([^\"]+)\".*", "$1");
          var assertion = world.session.get(1).getValue().substring("Bearer ".length());
          var form =
              "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion="
                  + assertion
                  + "&client_id="
                  + client;
          var failed = 0;
          var answer = 0;
          while ((answer =
                  world.gateways.withFailure(
                      failed + 1,
                      () ->
                          server
                              .send("POST", "/oauth/provider/token", List.of(ACCEPT), form)
                              .status()))
              == 503) {
            failed++;
          }
          assertThat(answer).isEqualTo(200);
          assertThat(failed).isEqualTo(3);
        });
  }

  @ParameterizedTest
  @EnumSource
  void failedSignIn_createsNoSession(StoreKind store) {
    with(
        store,
        world -> {
          var server = world.gateways.firstServer();
          var tokens = world.gateways.second().tokens();
          var before = await(tokens.sessions(world.root, VcloudApi.NAME));
          var failed = 0;
          while (world
                  .gateways
                  .withFailure(failed + 1, () -> signIn(server, "/api/sessions", "System"))
                  .status()
              == 503) {
            failed++;
            assertThat(await(tokens.sessions(world.root, VcloudApi.NAME))).isEqualTo(before);
          }
          assertThat(failed).isPositive();
          assertThat(await(tokens.sessions(world.root, VcloudApi.NAME))).hasSize(before.size() + 2);
        });
  }

  /** The second answer is the one for an unknown session. */
  @ParameterizedTest
  @EnumSource
  void concurrentSignOuts_endSessionOnce(StoreKind store) {
    with(
        store,
        world -> {
          var failures = new ArrayList<String>();
          var steps = 0;
          while (true) {
            var session = bearer(signIn(world.gateways.secondServer(), "/api/sessions", "System"));
            var both =
                world.gateways.interleave(
                    ++steps,
                    () ->
                        world
                            .gateways
                            .firstServer()
                            .send("DELETE", "/api/session", session, "")
                            .status(),
                    () ->
                        world
                            .gateways
                            .secondServer()
                            .send("DELETE", "/api/session", session, "")
                            .status());
            if (both.isEmpty()) {
              break;
            }
            if (!List.of(both.get().first(), both.get().second()).containsAll(List.of(204, 401))) {
              failures.add("step " + steps + ": " + both);
            }
          }
          assertThat(failures).as("of %s orders", steps).isEmpty();
          assertThat(steps).isGreaterThan(4);
        });
  }

  @ParameterizedTest
  @EnumSource
  void failedSignOut_keepsWholeSession(StoreKind store) {
    with(
        store,
        world -> {
          var server = world.gateways.firstServer();
          var tokens = world.gateways.second().tokens();
          var session = bearer(signIn(server, "/api/sessions", "System"));
          var before = await(tokens.sessions(world.root, VcloudApi.NAME));
          var failed = 0;
          while (world
                  .gateways
                  .withFailure(failed + 1, () -> server.send("DELETE", "/api/session", session, ""))
                  .status()
              == 503) {
            failed++;
            assertThat(await(tokens.sessions(world.root, VcloudApi.NAME))).isEqualTo(before);
          }
          assertThat(failed).isEqualTo(2);
          assertThat(await(tokens.sessions(world.root, VcloudApi.NAME))).hasSize(before.size() - 2);
        });
  }
}
