package dev.doppel.store.postgres;

import dev.doppel.users.Storage.Snapshot;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Copies of all tables, in temporary tables of one connection, so that the server drops them when
 * this process ends in any way. Calls run one after the other.
 */
final class PgSnapshots {

  /** In the order in which they can be filled, by their references. */
  private static final List<String> TABLES =
      List.of(
          "organizations",
          "roles",
          "users",
          "user_aliases",
          "user_roles",
          "memberships",
          "member_counts",
          "tokens",
          "notes");

  /** The columns to copy of tables with columns that the server computes. */
  private static final Map<String, String> COLUMNS =
      Map.of("memberships", "user_id, organization, owner, name");

  /** Deletes all rows. Unlike TRUNCATE, the statements don't wait for other transactions. */
  static final List<String> CLEAR_ALL =
      Stream.iterate(TABLES.size() - 1, last -> last >= 0, last -> last - 1)
          .map(last -> "DELETE FROM " + TABLES.get(last))
          .toList();

  private final PgConnections connections;
  private final NavigableSet<Snapshot> snapshots =
      new TreeSet<>(Comparator.comparing(Snapshot::number));
  private Optional<PgConnection> connection = Optional.empty();
  private Future<?> last = Future.succeededFuture();
  private long lastNumber;

  PgSnapshots(PgConnections connections) {
    this.connections = connections;
  }

  Future<Snapshot> take() {
    return inTurn(
        () -> {
          var snapshot = new Snapshot(++lastNumber);
          return inTransaction(
                  "BEGIN ISOLATION LEVEL REPEATABLE READ",
                  forEachTable("CREATE TEMP TABLE %2$s AS TABLE %1$s", snapshot))
              .map(
                  done -> {
                    snapshots.add(snapshot);
                    return snapshot;
                  });
        });
  }

  Future<Void> restore(Snapshot snapshot) {
    return inTurn(
        () -> {
          if (!snapshots.contains(snapshot)) {
            return Future.failedFuture(
                new IllegalArgumentException("there is no snapshot " + snapshot.number()));
          }
          var later = List.copyOf(snapshots.tailSet(snapshot, false));
          var statements = new ArrayList<String>();
          statements.add("TRUNCATE " + String.join(", ", TABLES));
          statements.addAll(forEachTable("INSERT INTO %1$s%3$s SELECT %4$s FROM %2$s", snapshot));
          later.forEach(dropped -> statements.addAll(forEachTable("DROP TABLE %2$s", dropped)));
          return inTransaction("BEGIN", statements).onSuccess(done -> snapshots.removeAll(later));
        });
  }

  /**
   * @param statement with the table (%1$s), its copy (%2$s), and its columns in parentheses (%3$s)
   *     or as a list to select (%4$s)
   */
  private static List<String> forEachTable(String statement, Snapshot snapshot) {
    return TABLES.stream()
        .map(
            table -> {
              var columns = Optional.ofNullable(COLUMNS.get(table));
              return statement.formatted(
                  table,
                  "snapshot_" + snapshot.number() + "_" + table,
                  columns.map(all -> " (" + all + ")").orElse(""),
                  columns.orElse("*"));
            })
        .toList();
  }

  private synchronized <T> Future<T> inTurn(Supplier<Future<T>> work) {
    var next = last.transform(done -> work.get());
    last = next;
    return next.recover(thrown -> Future.failedFuture(PgFailures.translate(thrown)));
  }

  private Future<Void> inTransaction(String begin, List<String> statements) {
    return connect()
        .compose(
            on ->
                run(on, begin)
                    .compose(begun -> runAll(on, statements))
                    .compose(done -> run(on, "COMMIT"))
                    .recover(
                        thrown ->
                            run(on, "ROLLBACK")
                                .transform(rolledBack -> Future.failedFuture(thrown))));
  }

  private static Future<Void> runAll(PgConnection on, List<String> statements) {
    var last = Future.<Void>succeededFuture();
    for (var statement : statements) {
      last = last.compose(done -> run(on, statement));
    }
    return last;
  }

  private static Future<Void> run(PgConnection on, String statement) {
    return on.query(statement).execute().mapEmpty();
  }

  private Future<PgConnection> connect() {
    return connection
        .map(Future::succeededFuture)
        .orElseGet(
            () ->
                connections
                    .openConnection()
                    .onSuccess(
                        opened -> {
                          connection = Optional.of(opened);
                          opened.closeHandler(closed -> onClosed());
                        }));
  }

  private void onClosed() {
    connection = Optional.empty();
    snapshots.clear();
  }

  Future<Void> close() {
    return last.transform(
        done -> connection.map(PgConnection::close).orElseGet(Future::succeededFuture));
  }
}
