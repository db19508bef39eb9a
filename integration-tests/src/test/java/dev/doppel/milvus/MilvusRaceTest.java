package dev.doppel.milvus;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Deviations;
import dev.doppel.dialect.Fidelity;
import dev.doppel.integration.StoreKind;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.testkit.TestServers;
import dev.doppel.users.Authority;
import dev.doppel.users.NewUser;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Concurrent operations whose results must be those of one order or the other. */
class MilvusRaceTest {

  private static final String DONE = "{\"code\":0,\"data\":{}}";
  private static final String NO_ROLE =
      "{\"code\":1100,\"message\":\"not found the role, maybe the role isn't existed or internal"
          + " system error: invalid parameter\"}";
  private static final List<Map.Entry<String, String>> ROOT =
      List.of(Map.entry("Authorization", "Bearer root:" + TestRealm.ROOT_PASSWORD));

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @FunctionalInterface
  private interface Script {
    void run(TestServers servers, TestRealm realm);
  }

  private void with(StoreKind store, Fidelity fidelity, Script script) {
    var realm = TestRealm.over(vertx, store.open(vertx));
    try (var servers = new TestServers(vertx, new MilvusDialect(realm.realm(), fidelity))) {
      script.run(servers, realm);
    } finally {
      realm.close();
    }
  }

  private static String call(TestServer server, String path, String body) {
    return server.send("POST", "/v2/vectordb/" + path, ROOT, body).body();
  }

  private static Function<TestServer, String> calling(String path, String body) {
    return server -> call(server, path, body);
  }

  private static void done(TestServers servers, String path, String body) {
    assertThat(call(servers.any(), path, body)).isEqualTo(DONE);
  }

  @ParameterizedTest
  @EnumSource
  void droppedGroup_isGrantedToNoRole(StoreKind store) {
    var grant = "{\"roleName\":\"reader\",\"privilege\":\"g\",\"collectionName\":\"*\"}";
    var group = "{\"privilegeGroupName\":\"g\"}";
    with(
        store,
        Fidelity.DOCUMENTED,
        (servers, realm) -> {
          done(servers, "roles/create", "{\"roleName\":\"reader\"}");
          var failures = new ArrayList<String>();
          for (int round = 0; round < store.rounds(); round++) {
            done(servers, "privilege_groups/create", group);
            var answers =
                servers.race(
                    List.of(
                        calling("roles/grant_privilege_v2", grant),
                        calling("privilege_groups/drop", group)));
            var granted = answers.get(0).equals(DONE);
            if (granted == answers.get(1).equals(DONE)) {
              failures.add(answers.toString());
            } else {
              assertThat(answers.get(granted ? 1 : 0))
                  .contains(granted ? "is used by role [reader]" : "not found the privilege name");
            }
            // A revoked group must exist; the next round starts without group and grant.
            call(servers.any(), "privilege_groups/create", group);
            done(servers, "roles/revoke_privilege_v2", grant);
            done(servers, "privilege_groups/drop", group);
          }
          assertThat(failures).as("of %s rounds", store.rounds()).isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource
  void droppedRole_isHeldByNoUser(StoreKind store) {
    var role = "{\"roleName\":\"writer\"}";
    with(
        store,
        Fidelity.DOCUMENTED,
        (servers, realm) -> {
          var failures = new ArrayList<String>();
          for (int round = 0; round < store.rounds(); round++) {
            done(servers, "roles/create", role);
            var answers =
                servers.race(
                    List.of(
                        calling(
                            "users/grant_role", "{\"userName\":\"alice\",\"roleName\":\"writer\"}"),
                        calling("roles/drop", role)));
            assertThat(answers.get(1)).isEqualTo(DONE);
            if (!List.of(DONE, NO_ROLE).contains(answers.get(0))) {
              failures.add(answers.get(0));
            }
            done(servers, "roles/create", role); // alice would hold it if she still had the old one
            assertThat(call(servers.any(), "users/describe", "{\"userName\":\"alice\"}"))
                .startsWith("{\"code\":0,\"data\":[]");
            done(servers, "roles/drop", role);
          }
          assertThat(failures).as("of %s rounds", store.rounds()).isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource
  void roleWithPrivileges_isNotDropped(StoreKind store) {
    var role = "{\"roleName\":\"loader\"}";
    var grant = "{\"roleName\":\"loader\",\"privilege\":\"Load\",\"collectionName\":\"*\"}";
    with(
        store,
        Fidelity.DOCUMENTED,
        (servers, realm) -> {
          var failures = new ArrayList<String>();
          for (int round = 0; round < store.rounds(); round++) {
            done(servers, "roles/create", role);
            var answers =
                servers.race(
                    List.of(
                        calling("roles/grant_privilege_v2", grant), calling("roles/drop", role)));
            var granted = answers.get(0).equals(DONE);
            if (granted == answers.get(1).equals(DONE)) {
              failures.add(answers.toString());
            } else if (granted) {
              assertThat(answers.get(1)).contains("fail to drop the role that it has privileges");
              done(servers, "roles/revoke_privilege_v2", grant);
              done(servers, "roles/drop", role);
            } else {
              assertThat(answers.get(0)).contains("the role \\\"loader\\\" does not exist");
            }
          }
          assertThat(failures).as("of %s rounds", store.rounds()).isEmpty();
        });
  }

  /** This holds although other users have ids higher than any generated one. */
  @ParameterizedTest
  @EnumSource
  void observed_enforcesMaximumOfUsers(StoreKind store) {
    with(
        store,
        Fidelity.OBSERVED,
        (servers, realm) -> {
          var users = realm.realm().users();
          for (int i = 4; i <= 99; i++) {
            var id = Optional.of(new UserId(Long.MAX_VALUE - i));
            await(users.by(Authority.SERVER).create(NewUser.named("user" + i).withId(id)));
          }
          var failures = new ArrayList<String>();
          var rounds = store.rounds() / 4;
          for (int round = 0; round < rounds; round++) {
            var answers =
                servers.race(
                    IntStream.range(0, 4)
                        .mapToObj(
                            i ->
                                calling(
                                    "users/create",
                                    "{\"userName\":\"late%s\",\"password\":\"P@ssw0rd\"}"
                                        .formatted(i)))
                        .toList());
            var total = await(users.list(UserQuery.first(0).withTotal())).total();
            var created = answers.stream().filter(DONE::equals).count();
            if (created != 1 || total != 100) {
              failures.add("%s created, %s in total".formatted(created, total));
            }
            for (int i = 0; i < 4; i++) {
              done(servers, "users/drop", "{\"userName\":\"late%s\"}".formatted(i));
            }
          }
          assertThat(failures).as("of %s rounds", rounds).isEmpty();
        });
  }

  /** Calls the backend without a server, because requests are rarely close enough in time. */
  @ParameterizedTest
  @EnumSource
  void observed_enforcesMaximumOfRoles(StoreKind store) {
    with(
        store,
        Fidelity.OBSERVED,
        (servers, realm) -> {
          var roles = new MilvusRoles(realm.realm(), MilvusEra.THIRD);
          var deviations = new Deviations(Fidelity.OBSERVED);
          for (int i = 3; i <= 9; i++) {
            await(roles.create("role" + i, "", deviations));
          }
          var calls =
              IntStream.range(0, 2)
                  .<Function<TestServer, Boolean>>mapToObj(
                      i ->
                          none ->
                              await(
                                  roles
                                      .create("late" + i, "", deviations)
                                      .map(true)
                                      .otherwise(false)))
                  .toList();
          var failures = new ArrayList<String>();
          var rounds = store.rounds() * 3;
          for (int round = 0; round < rounds; round++) {
            var created = servers.race(calls).stream().filter(one -> one).count();
            var total = await(roles.list()).size();
            if (created != 1 || total != 10) {
              failures.add("%s created, %s in total".formatted(created, total));
            }
            for (var role : await(roles.list())) {
              if (role.name().startsWith("late")) {
                await(roles.drop(role.name(), false));
              }
            }
          }
          assertThat(failures).as("of %s rounds", rounds).isEmpty();
        });
  }
}
