package dev.doppel.workspace;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.integration.StoreKind;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStorage;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.testkit.TestServer.Answer;
import dev.doppel.testkit.TestServers;
import dev.doppel.users.Authority;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.Storage;
import dev.doppel.users.User;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Concurrent operations whose results must be those of one order or the other. */
class WorkspaceRaceTest {

  /** Only the request that creates the account gets its secret. */
  private static final String OEM_SECRET = ",\"oemSecret\":\"[0-9a-f]{80}\"";

  private static final String ACME = "/v1/organizations/acme/";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  /** A workspace with members whose tokens are their names. */
  private record Workspace(
      TestServers servers, TestRealm realm, Organization acme, List<User> members) {

    int owners() {
      var answer =
          send(servers.any(), TestRealm.OPERATOR_TOKEN, "GET", "collaborators?role=owner", "");
      assertThat(answer.status()).isEqualTo(200);
      return answer.body().split("\"role\":\"owner\"", -1).length - 1;
    }

    /** Makes the first member the only owner, independent of the previous round. */
    void reset() {
      for (var member : members) {
        var membership = member.equals(members.get(0)) ? Membership.OWNER : Membership.MEMBER;
        await(
            realm
                .realm()
                .users()
                .by(Authority.SERVER)
                .update(
                    member.id(),
                    one ->
                        one.withMembership(acme.id(), membership)
                            .withExtras(WorkspaceApi.NAME, "{}")));
      }
      assertThat(owners()).isEqualTo(1);
    }
  }

  @FunctionalInterface
  private interface Script {
    void run(Workspace workspace);
  }

  private void with(StoreKind store, Script script) {
    with(store.open(vertx), script);
  }

  private void with(Storage storage, Script script) {
    var realm = TestRealm.over(vertx, storage);
    var dialect = new WorkspaceDialect(realm.realm(), Fidelity.DOCUMENTED);
    try (var servers = new TestServers(vertx, dialect)) {
      var acme = await(realm.realm().organizations().create("acme", ""));
      var members = new ArrayList<User>();
      for (var name : List.of("ann", "ben", "cleo")) {
        var member = NewUser.named(name).withMembership(acme.id(), Membership.MEMBER);
        var user = await(realm.realm().users().by(Authority.SERVER).create(member));
        await(realm.realm().tokens().issueForEveryDialect(name, user, ""));
        members.add(user);
      }
      script.run(new Workspace(servers, realm, acme, members));
    } finally {
      realm.close();
    }
  }

  private static Answer send(
      TestServer server, String token, String method, String path, String body) {
    var headers =
        List.of(
            Map.entry("Authorization", "Bearer " + token),
            Map.entry("Content-Type", "application/json"));
    return server.send(method, ACME + path, headers, body);
  }

  private static Function<TestServer, Integer> handingOver(String token, User newOwner) {
    return server ->
        send(
                server,
                token,
                "POST",
                "change-owner",
                "{\"newOwner\":\"%s\"}".formatted(WorkspaceId.of(newOwner)))
            .status();
  }

  @ParameterizedTest
  @EnumSource
  void ownerHandingOverTwice_succeedsOnce(StoreKind store) {
    with(
        store,
        workspace -> {
          var failures = new ArrayList<String>();
          for (int round = 0; round < store.rounds(); round++) {
            workspace.reset();
            var members = workspace.members();
            var statuses =
                workspace
                    .servers()
                    .race(
                        List.of(
                            handingOver("ann", members.get(1)),
                            handingOver("ann", members.get(2))));
            if (workspace.owners() != 1 || !statuses.containsAll(List.of(200, 403))) {
              failures.add(statuses + " " + workspace.owners());
            }
          }
          assertThat(failures).as("of %s rounds", store.rounds()).isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource
  void administratorHandingOver_leavesOneOwner(StoreKind store) {
    with(
        store,
        workspace -> {
          var failures = new ArrayList<String>();
          for (int round = 0; round < store.rounds(); round++) {
            workspace.reset();
            var members = workspace.members();
            var statuses =
                workspace
                    .servers()
                    .race(
                        List.of(
                            handingOver(TestRealm.OPERATOR_TOKEN, members.get(1)),
                            handingOver(TestRealm.OPERATOR_TOKEN, members.get(2))));
            assertThat(statuses).containsOnly(200);
            if (workspace.owners() != 1) {
              failures.add(statuses + " " + workspace.owners());
            }
          }
          assertThat(failures).as("of %s rounds", store.rounds()).isEmpty();
        });
  }

  /** The database fails when the old owner is demoted, after the new one was promoted. */
  @Test
  void handingOver_isAtomic() throws SQLException {
    var uri = TestPostgres.newUri();
    var storage = await(PgStorage.open(vertx, PgAddress.parse(uri), PgStorage.DEFAULT_CONNECTIONS));
    try (var connection = TestPostgres.connection(uri);
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
              + " $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '53100'; END $$");
      with(
          storage,
          workspace -> {
            workspace.reset();
            execute(
                statement,
                "CREATE TRIGGER refusing BEFORE UPDATE ON users FOR EACH ROW"
                    + " WHEN (OLD.name = 'ann') EXECUTE FUNCTION refuse()");
            for (var token : List.of("ann", TestRealm.OPERATOR_TOKEN)) {
              var status =
                  handingOver(token, workspace.members().get(1)).apply(workspace.servers().any());
              assertThat(status).isEqualTo(503);
              assertThat(workspace.owners()).isEqualTo(1);
            }
            execute(statement, "DROP TRIGGER refusing ON users");
            var status =
                handingOver("ann", workspace.members().get(1)).apply(workspace.servers().any());
            assertThat(status).isEqualTo(200);
            assertThat(workspace.owners()).isEqualTo(1);
          });
    }
  }

  private static void execute(Statement statement, String sql) {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An owner is never demoted, even one who becomes owner concurrently. */
  @ParameterizedTest
  @EnumSource
  void newOwner_isNotMadeViewer(StoreKind store) {
    with(
        store,
        workspace -> {
          var failures = new ArrayList<String>();
          for (int round = 0; round < store.rounds(); round++) {
            workspace.reset();
            var next = workspace.members().get(1);
            var statuses =
                workspace
                    .servers()
                    .race(
                        List.of(
                            handingOver("ann", next),
                            server ->
                                send(
                                        server,
                                        TestRealm.OPERATOR_TOKEN,
                                        "PUT",
                                        "collaborators/" + WorkspaceId.of(next),
                                        "{\"role\":\"viewer\"}")
                                    .status()));
            assertThat(statuses.get(0)).isEqualTo(200);
            if (workspace.owners() != 1) {
              failures.add(statuses + " " + workspace.owners());
            }
          }
          assertThat(failures).as("of %s rounds", store.rounds()).isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource
  void accountProvisionedTwice_isCreatedOnce(StoreKind store) {
    with(
        store,
        workspace -> {
          var failures = new ArrayList<String>();
          for (int round = 0; round < store.rounds(); round++) {
            var body = "{\"email\":\"user%s@example.com\"}".formatted(round);
            Function<TestServer, Answer> call =
                server -> send(server, TestRealm.OPERATOR_TOKEN, "POST", "oem/users", body);
            var answers = workspace.servers().race(List.of(call, call));
            var collaborators =
                answers.stream()
                    .map(answer -> answer.body().replaceFirst(OEM_SECRET, ""))
                    .distinct()
                    .toList();
            var secrets = answers.stream().filter(one -> one.body().contains("oemSecret")).count();
            if (collaborators.size() != 1 || secrets != 1) {
              failures.add(answers.stream().map(Answer::body).toList().toString());
            }
          }
          assertThat(failures).as("of %s rounds", store.rounds()).isEmpty();
        });
  }
}
