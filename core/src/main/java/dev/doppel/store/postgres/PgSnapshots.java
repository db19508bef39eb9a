package dev.doppel.store.postgres;

import dev.doppel.users.Storage.Snapshot;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Copies of all tables, in temporary tables of one connection: whatever becomes of this process,
 * the server forgets them with it. One call at a time.
 */
final class PgSnapshots {

  /** In the order in which they can be filled. */
  private static final List<String> TABLES =
      List.of(
          "users",
          "user_aliases",
          "roles",
          "user_roles",
          "organizations",
          "memberships",
          "member_counts",
          "tokens");

  /** Empties them all. */
  static final String CLEAR = "TRUNCATE " + String.join(", ", TABLES);

  private final PgConnections connections;
  private final NavigableSet<Snapshot> kept = new TreeSet<>(Comparator.comparing(Snapshot::number));
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
                  each("CREATE TEMP TABLE %2$s AS TABLE %1$s", snapshot))
              .map(
                  done -> {
                    kept.add(snapshot);
                    return snapshot;
                  });
        });
  }

  Future<Void> restore(Snapshot snapshot) {
    return inTurn(
        () -> {
          if (!kept.contains(snapshot)) {
            return Future.failedFuture(
                new IllegalArgumentException("there is no snapshot " + snapshot.number()));
          }
          var later = List.copyOf(kept.tailSet(snapshot, false));
          var statements = new ArrayList<String>();
          statements.add(CLEAR);
          statements.addAll(each("INSERT INTO %1$s TABLE %2$s", snapshot));
          later.forEach(forgotten -> statements.addAll(each("DROP TABLE %2$s", forgotten)));
          return inTransaction("BEGIN", statements).onSuccess(done -> kept.removeAll(later));
        });
  }

  private static List<String> each(String statement, Snapshot snapshot) {
    return TABLES.stream()
        .map(table -> statement.formatted(table, "snapshot_" + snapshot.number() + "_" + table))
        .toList();
  }

  private synchronized <T> Future<T> inTurn(Supplier<Future<T>> work) {
    var next = last.transform(done -> work.get());
    last = next;
    return next.recover(thrown -> Future.failedFuture(PgFailures.of(thrown)));
  }

  private Future<Void> inTransaction(String begin, List<String> statements) {
    return connected()
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

  private Future<PgConnection> connected() {
    return connection
        .map(Future::succeededFuture)
        .orElseGet(
            () ->
                connections
                    .ownConnection()
                    .onSuccess(
                        opened -> {
                          connection = Optional.of(opened);
                          opened.closeHandler(closed -> forget());
                        }));
  }

  private void forget() {
    connection = Optional.empty();
    kept.clear();
  }

  Future<Void> close() {
    return last.transform(
        done -> connection.map(PgConnection::close).orElseGet(Future::succeededFuture));
  }
}
