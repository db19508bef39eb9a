package dev.doppel.store.postgres;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.testkit.Await;
import dev.doppel.testkit.StorageContract;
import dev.doppel.testkit.TestLog;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Storage;
import dev.doppel.users.StorageException;
import dev.doppel.users.StoreCalls;
import dev.doppel.users.User;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class PostgresStorageTest extends StorageContract {

  @Override
  protected Storage open() {
    return TestPostgres.newStorage(vertx);
  }

  private Storage open(String uri) {
    return await(PgStorage.open(vertx, PgAddress.parse(uri), PgStorage.DEFAULT_CONNECTIONS));
  }

  private List<Row> query(String uri, String sql) {
    return await(
        PgConnection.connect(vertx, PgConnectOptions.fromUri(uri))
            .compose(on -> on.query(sql).execute().eventually(on::close))
            .map(rows -> StreamSupport.stream(rows.spliterator(), false).toList()));
  }

  @Test
  void open_createsTheSchemaOnce_whenCalledConcurrently() {
    var uri = TestPostgres.newUri();
    var all =
        IntStream.range(0, 10)
            .mapToObj(i -> PgStorage.open(vertx, PgAddress.parse(uri), 2))
            .toList();
    addReferences(await(all.get(0)));
    await(await(all.get(0)).users().insert(user(7, "bob")));
    for (var one : all) {
      assertThat(await(await(one).users().find("bob"))).isEqualTo(user(7, "bob"));
    }
    assertThat(all.stream().map(one -> await(await(one).node()))).doesNotHaveDuplicates();
    all.forEach(one -> await(await(one).close()));
    assertThat(query(uri, "SELECT version FROM schema_history WHERE version IS NOT NULL"))
        .hasSize(4);
  }

  @Test
  void open_rejectsNewerSchema() {
    var uri = TestPostgres.newUri();
    await(open(uri).close());
    query(
        uri,
        "INSERT INTO schema_history (installed_rank, version, description, type, script,"
            + " installed_by, execution_time, success)"
            + " VALUES (5, '4.5', 'later', 'SQL', 'V4.5__later.sql', 'x', 1, true)");
    assertThatThrownBy(() -> open(uri))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "the database has schema 4.5, which a newer Doppel made; this one knows up to 4");
  }

  @Test
  void open_reportsTheMessageOfTheServer() {
    var uri = TestPostgres.newUri();
    assertThatThrownBy(() -> open(uri.replaceFirst("/[^/?]+\\?", "/nowhere?")))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("database \"nowhere\" does not exist");
    var away = PgStorage.open(vertx, PgAddress.parse("postgresql://me:secret@127.0.0.1:1/x"), 2);
    assertThat(reason(away)).isEqualTo(Reason.UNAVAILABLE);
    assertThat(PgStorage.outage(away.cause())).contains("connection refused");
  }

  private static List<Long> completed(Storage storage) {
    return storage.calls().stream().map(StoreCalls::completed).toList();
  }

  @Test
  void calls_areCountedByKind() {
    var storage = open();
    assertThat(storage.calls())
        .extracting(StoreCalls::kind)
        .containsExactly("lookup", "change", "transaction", "search");
    assertThat(completed(storage)).containsExactly(0L, 0L, 0L, 0L);
    await(storage.note("any"));
    assertThat(reason(storage.users().find("nobody"))).isEqualTo(Reason.NO_SUCH_USER);
    await(storage.putNote("any", Optional.of("text")));
    await(storage.change(stores -> stores.note("any")));
    await(storage.users().list(UserQuery.first(1)));
    assertThat(completed(storage)).containsExactly(2L, 1L, 1L, 1L);
    assertThat(storage.sessionCount()).isEmpty();
    await(storage.close());
    assertThat(reason(storage.note("any"))).isEqualTo(Reason.UNAVAILABLE);
    assertThat(storage.calls().get(0).failed(Reason.UNAVAILABLE)).isEqualTo(1);
    assertThat(storage.calls()).allSatisfy(one -> assertThat(one.active()).isZero());
  }

  @Test
  void insert_rejectsNameTooLongForAnIndex() {
    var storage = open();
    var random = new Random(1);
    var name =
        random
            .ints(9_000, 'a', 'z')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
    assertThat(reason(storage.users().insert(user(7, name.toString()))))
        .isEqualTo(Reason.INVALID_VALUE);
    assertThat(await(storage.users().list(UserQuery.first(1))).items()).isEmpty();
    await(storage.close());
  }

  /** Uses a database of its own, whose default for sessions it changes. */
  @Test
  void ping_failsWhileTheServerIsReadOnly_andRecovers() {
    var name = "readonly" + Math.abs(new Random().nextLong());
    var setting = "ALTER DATABASE " + name + " SET default_transaction_read_only = ";
    var server = TestPostgres.newUri();
    query(server, "CREATE DATABASE " + name);
    var uri = TestPostgres.newUri().replaceFirst("/[^/?]+\\?", "/" + name + "?");
    var storage = open(uri);
    addReferences(storage);
    await(storage.users().insert(user(7, "bob")));
    await(storage.ping());
    for (int time = 0; time < 2; time++) {
      query(server, setting + "on");
      terminateSessions(uri);
      Await.until("sessions are new", () -> found(storage));
      assertThat(reason(storage.ping())).isEqualTo(Reason.UNAVAILABLE);
      for (int call = 0; call < 10; call++) {
        assertThat(reason(storage.users().update(new UserId(7), user -> user)))
            .isEqualTo(Reason.UNAVAILABLE);
        assertThat(reason(storage.ping())).isEqualTo(Reason.UNAVAILABLE);
        assertThat(await(storage.users().find("bob")).name()).isEqualTo("bob");
      }
      query(server, setting + "off");
      await(storage.ping());
      await(storage.users().update(new UserId(7), user -> user));
      await(storage.change(stores -> stores.users().update(new UserId(7), user -> user)));
    }
    await(storage.close());
    query(server, "DROP DATABASE " + name + " WITH (FORCE)");
  }

  private static boolean found(Storage storage) {
    return await(storage.users().find("bob").map(user -> true).otherwise(false));
  }

  /** Terminates sessions as a shutdown by an administrator does (57P01). */
  private void terminateSessions(String uri) {
    query(
        uri,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND application_name = 'doppel'");
  }

  @Test
  void terminatedSessions_areReplaced() {
    var uri = TestPostgres.newUri() + "&application_name=ended";
    var storage = open(uri);
    addReferences(storage);
    await(storage.users().insert(user(7, "bob")));
    for (int time = 0; time < 3; time++) {
      query(
          uri,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'ended' AND pid <> pg_backend_pid()");
      assertServes(storage);
      await(storage.ping().recover(once -> storage.ping()));
    }
    await(storage.close());
  }

  @Test
  void update_withoutTheRight_isUnavailable_andLoggedOnce() {
    var uri = TestPostgres.newUri();
    var schema = uri.replaceAll(".*search_path=", "");
    var owner = open(uri);
    addReferences(owner);
    await(owner.users().insert(user(7, "bob")));
    query(
        uri,
        "CREATE ROLE %1$s LOGIN PASSWORD 'pw'; GRANT USAGE ON SCHEMA %1$s TO %1$s;"
                .formatted(schema)
            + "GRANT ALL ON ALL TABLES IN SCHEMA %1$s TO %1$s; REVOKE UPDATE ON users FROM %1$s"
                .formatted(schema));
    var limited = open(uri.replaceFirst("//[^@]+@", "//" + schema + ":pw@"));
    try (var log = new TestLog("dev.doppel.store.postgres")) {
      for (int call = 0; call < 5; call++) {
        assertThat(reason(limited.users().update(new UserId(7), user -> user.withName("eve"))))
            .isEqualTo(Reason.UNAVAILABLE);
      }
      assertThat(log.lines())
          .containsExactly("PostgreSQL: permission denied for table users (42501)");
    }
    assertThat(await(limited.users().find("bob")).name()).isEqualTo("bob");
    await(limited.close());
    await(owner.close());
    query(uri, "DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(schema));
  }

  @Test
  void open_rejectsRoleWithoutTheRightToCreate() {
    var uri = TestPostgres.newUri();
    var role = uri.replaceAll(".*search_path=", "");
    query(uri, "CREATE ROLE %s LOGIN PASSWORD 'pw'".formatted(role));
    assertThatThrownBy(() -> open(uri.replaceFirst("//[^@]+@", "//" + role + ":pw@")))
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith("permission denied for database");
    query(uri, "DROP ROLE " + role);
  }

  /** Compares derived columns and counts with the rows from which they are derived. */
  @Test
  void concurrentRandomChanges_keepDerivedRowsConsistent() {
    var uri = TestPostgres.newUri();
    var one = open(uri);
    var other = open(uri);
    addReferences(one);
    var random = new Random(20261121);
    for (int round = 0; round < 30; round++) {
      var changes =
          IntStream.range(0, 20)
              .mapToObj(i -> change(random.nextBoolean() ? one : other, random).otherwiseEmpty())
              .toList();
      changes.forEach(Await::await);
    }
    assertThat(query(uri, "SELECT 1 FROM users")).hasSizeGreaterThan(5);
    assertThat(
            query(
                uri,
                "SELECT organization, sum(n) FROM (SELECT organization, count(*) AS n FROM"
                    + " memberships GROUP BY 1 UNION ALL SELECT organization, -sum(count) FROM"
                    + " member_counts GROUP BY 1) m GROUP BY 1 HAVING sum(n) <> 0"))
        .isEmpty();
    assertThat(
            query(
                uri,
                "SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.name <> m.name"))
        .isEmpty();
    assertThat(
            query(
                uri,
                "SELECT 1 FROM users u WHERE NOT EXISTS (SELECT FROM memberships m"
                    + " WHERE m.user_id = u.id AND m.organization = u.home)"))
        .isEmpty();
    assertThat(
            query(
                uri,
                "SELECT 1 FROM users u JOIN memberships m ON m.user_id = u.id"
                    + " WHERE m.organization = 0 AND u.home <> 0"))
        .isEmpty();
    assertThat(
            query(
                uri,
                "SELECT 1 FROM users u WHERE NOT EXISTS"
                    + " (SELECT FROM memberships WHERE user_id = u.id)"))
        .isEmpty();
    await(one.close());
    await(other.close());
  }

  private static Future<?> change(Storage storage, Random random) {
    var id = new UserId(1 + random.nextInt(30));
    var organization = new OrganizationId(List.of(7L, -8L, 9L).get(random.nextInt(3)));
    var number = random.nextInt(1_000);
    return switch (random.nextInt(8)) {
      case 0, 1, 2 ->
          storage
              .users()
              .insert(
                  user(id.value(), "user" + id.value())
                      .withoutMembership(new OrganizationId(7))
                      .withoutMembership(new OrganizationId(-8)));
      case 3 -> storage.users().delete(id);
      case 4 -> storage.users().update(id, user -> user.withName("user" + number));
      case 5 ->
          storage.users().update(id, user -> user.withMembership(organization, Membership.MEMBER));
      case 6 -> storage.users().update(id, user -> user.withoutMembership(organization));
      default ->
          storage
              .organizations()
              .delete(organization)
              .otherwiseEmpty()
              .compose(
                  gone ->
                      storage
                          .organizations()
                          .insert(
                              new Organization(
                                  organization,
                                  organization.toString(),
                                  "",
                                  Organization.Kind.ORDINARY,
                                  Instant.EPOCH,
                                  Instant.EPOCH,
                                  Map.of())));
    };
  }

  /** A page far from the start is read from the end. */
  @Test
  void list_farFromTheStart_returnsThePagesOfTheWholeList() {
    var uri = TestPostgres.newUri();
    var storage = open(uri);
    var count = 120_010;
    query(
        uri,
        "INSERT INTO users SELECT n, 'user' || lpad(n::text, 6, '0'), true, null, null, null, null,"
            + " now(), now(), 1, '{}' FROM generate_series(1, "
            + count
            + ") n");
    query(uri, "INSERT INTO memberships SELECT id, 0, false, name FROM users");
    query(uri, "INSERT INTO member_counts SELECT 0, 1, count(*) FROM memberships");
    var query =
        UserQuery.first(3)
            .matching(new UserFilter.In(new OrganizationId(9), true))
            .by(Common.NAME)
            .withTotal();
    for (int offset : new int[] {0, 50_001, 60_004, 60_006, 100_000, count - 2, count, count + 7}) {
      for (var order : List.of(Common.NAME, Common.ID)) {
        var up = await(storage.users().list(query.by(order).from(offset)));
        assertThat(up.total()).isEqualTo(count);
        assertThat(up.items())
            .extracting(User::name)
            .isEqualTo(names(IntStream.rangeClosed(offset + 1, Math.min(offset + 3, count))));
        var down = await(storage.users().list(query.by(order).descending(true).from(offset)));
        assertThat(down.items())
            .extracting(User::name)
            .isEqualTo(
                names(
                    IntStream.rangeClosed(offset + 1, Math.min(offset + 3, count))
                        .map(n -> count + 1 - n)));
      }
    }
    await(storage.close());
  }

  private static List<String> names(IntStream numbers) {
    return numbers.mapToObj("user%06d"::formatted).toList();
  }

  @Test
  void calls_failInTime_whenTheServerRefusesConnections_andRecover() {
    var uri = TestPostgres.newUri();
    try (var link = TestPostgres.newLink(vertx)) {
      var storage = open(TestPostgres.through(link, uri));
      addReferences(storage);
      await(storage.users().insert(user(7, "bob")));
      for (int time = 0; time < 3; time++) {
        link.cut();
        assertUnavailable(storage);
        link.mend();
        assertServes(storage);
      }
      await(storage.close());
    }
  }

  @Test
  void calls_failInTime_whenTheServerFallsSilent_andRecover() {
    var uri = TestPostgres.newUri();
    try (var link = TestPostgres.newLink(vertx)) {
      var storage = open(TestPostgres.through(link, uri));
      addReferences(storage);
      await(storage.users().insert(user(7, "bob")));
      for (int time = 0; time < 2; time++) {
        link.stall();
        assertUnavailable(storage);
        link.mend();
        assertServes(storage);
      }
      await(storage.close());
    }
  }

  /** One lookup is under way, another of the same key waits for it. */
  @Test
  void find_ofOneKeyTwice_failsBoth_whenTheServerFallsSilent() {
    var uri = TestPostgres.newUri();
    try (var link = TestPostgres.newLink(vertx)) {
      var storage = open(TestPostgres.through(link, uri));
      link.stall();
      var first = Promise.<User>promise();
      var second = Promise.<User>promise();
      var loop = vertx.getOrCreateContext();
      loop.runOnContext(
          now -> {
            storage.users().find("bob").onComplete(first);
            loop.runOnContext(
                sent ->
                    loop.runOnContext(waiting -> storage.users().find("bob").onComplete(second)));
          });
      assertThat(reason(first.future())).isEqualTo(Reason.UNAVAILABLE);
      assertThat(reason(second.future())).isEqualTo(Reason.UNAVAILABLE);
      await(storage.close());
    }
  }

  private static void assertUnavailable(Storage storage) {
    var before = System.nanoTime();
    assertThat(reason(storage.users().find("bob"))).isEqualTo(Reason.UNAVAILABLE);
    assertThat(reason(storage.ping())).isEqualTo(Reason.UNAVAILABLE);
    assertThat(reason(storage.users().update(new UserId(7), user -> user)))
        .isEqualTo(Reason.UNAVAILABLE);
    var each = Duration.ofNanos(System.nanoTime() - before).dividedBy(3);
    assertThat(each).isLessThan(Duration.ofSeconds(2));
  }

  /** Retries each call once, since a connection may be found broken by the first. */
  private static void assertServes(Storage storage) {
    var served = storage.users().find("bob").recover(once -> storage.users().find("bob"));
    assertThat(await(served).name()).isEqualTo("bob");
    var changed =
        storage
            .users()
            .update(new UserId(7), User::nextVersion)
            .recover(once -> storage.users().update(new UserId(7), User::nextVersion));
    assertThat(await(changed).name()).isEqualTo("bob");
  }

  @Test
  void update_isOverloaded_whileAllConnectionsWaitForALock() {
    var uri = TestPostgres.newUri();
    var storage = open(uri);
    addReferences(storage);
    await(storage.users().insert(user(7, "bob")));
    await(storage.users().insert(user(8, "eve")));
    var blocker = await(PgConnection.connect(vertx, PgConnectOptions.fromUri(uri)));
    await(blocker.query("BEGIN").execute());
    await(blocker.query("SELECT * FROM users WHERE name = 'bob' FOR UPDATE").execute());
    var waiting =
        IntStream.range(0, 40)
            .mapToObj(i -> storage.users().update(new UserId(7), user -> user))
            .toList();
    // Lookups have connections of their own.
    assertThat(await(storage.users().find("eve")).name()).isEqualTo("eve");
    assertThat(waiting).allSatisfy(one -> assertThat(reason(one)).isEqualTo(Reason.OVERLOADED));
    await(blocker.query("ROLLBACK").execute());
    await(blocker.close());
    assertThat(await(storage.users().update(new UserId(8), user -> user)).name()).isEqualTo("eve");
    await(storage.close());
  }
}
