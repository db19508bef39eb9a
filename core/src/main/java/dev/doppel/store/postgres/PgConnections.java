package dev.doppel.store.postgres;

import dev.doppel.store.postgres.PgUserQuery.Statement;
import dev.doppel.users.Deadline;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The ways to the database, and how long is waited on each. Everything fails with a {@link Failure}
 * but for a broken constraint, which {@link PgFailures#where} reads.
 *
 * <pre>
 *   lookups  one connection for each event loop that serves, with many statements on it at once;
 *            each is quick, none waits for a lock, and no thread waits for another
 *   work     the others, one statement or transaction at a time on each
 * </pre>
 */
final class PgConnections {

  /** For an answer to a lookup or a change: with the way there, a client knows within 2 s. */
  private static final long ANSWER_MILLIS = 1_500;

  /** For a connection that is free. */
  private static final int TURN_MILLIS = 1_000;

  /** For a list, which may have to look at very many. */
  private static final long SEARCH_MILLIS = 10_000;

  /** For what only one gateway may do at a time. */
  private static final long EXCLUSIVE_MILLIS = 30_000;

  /** How often the server is asked for a word while something is under way and it says none. */
  private static final long PROBE_MILLIS = 400;

  /** After which a connection for lookups is closed that nobody uses. */
  private static final int IDLE_SECONDS = 60;

  private static final Thread NO_EVENT_LOOP = new Thread("any but an event loop");

  private static final int MOST_UNDER_WAY = 10_000;
  private static final int MOST_WAITING = 2_000;

  /** Others of this database's programs may use such locks too; this one says "doppel". */
  private static final long EXCLUSIVE_LOCK = 0x646f7070656cL;

  private static final int MOST_ATTEMPTS = 1_000;

  private final Vertx vertx;
  private final PgAddress address;
  private final int size;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Promise<Void> drained = Promise.promise();
  private final long probing;
  private volatile Lines lines;
  private volatile boolean closing;

  /** When the server last said anything; without it for long, its connections are given up. */
  private volatile long answered = System.nanoTime();

  private record Lines(Map<Thread, SqlClient> lookups, Pool work) {
    Future<Void> close() {
      var all = Stream.concat(lookups.values().stream(), Stream.of(work));
      return Future.join(all.map(SqlClient::close).toList()).mapEmpty();
    }
  }

  /**
   * @param size how many connections at most for work
   */
  PgConnections(Vertx vertx, PgAddress address, int size) {
    this.vertx = vertx;
    this.address = address;
    this.size = size;
    lines = open();
    probing = vertx.setPeriodic(PROBE_MILLIS, fired -> probe());
  }

  /** Tells a server that is busy, or waits for a lock, from one that is gone. */
  private void probe() {
    if (underWay.get() > 0 && silentFor(PROBE_MILLIS)) {
      lookups(lines).query("SELECT 1").execute().onSuccess(alive -> answered = System.nanoTime());
    }
  }

  private Lines open() {
    return new Lines(
        new ConcurrentHashMap<>(),
        PgBuilder.pool()
            .with(
                new PoolOptions()
                    .setMaxSize(size)
                    .setMaxWaitQueueSize(MOST_WAITING)
                    .setConnectionTimeout(TURN_MILLIS)
                    .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
            .with(new NetClientOptions().setConnectTimeout(TURN_MILLIS))
            .connectingTo(options(SEARCH_MILLIS))
            .using(vertx)
            .build());
  }

  /** That of this event loop, or of all other threads together. */
  private SqlClient lookups(Lines on) {
    var thread = Context.isOnEventLoopThread() ? Thread.currentThread() : NO_EVENT_LOOP;
    var known = on.lookups.get(thread);
    return known != null ? known : on.lookups.computeIfAbsent(thread, first -> openLookups());
  }

  private SqlClient openLookups() {
    return PgBuilder.client()
        .with(new PoolOptions().setMaxSize(1).setIdleTimeout(IDLE_SECONDS))
        .with(new NetClientOptions().setConnectTimeout(TURN_MILLIS))
        .connectingTo(options(ANSWER_MILLIS))
        .using(vertx)
        .build();
  }

  private PgConnectOptions options(long statementMillis) {
    var options = address.options().setCachePreparedStatements(true);
    options.getProperties().put("statement_timeout", Long.toString(statementMillis));
    options.getProperties().put("jit", "off"); // costs more than nearly any statement here
    // Plans that were made while a table was small are kept when it has grown.
    options.getProperties().put("enable_seqscan", "off");
    return options;
  }

  /** A statement that reads a few rows by an index. */
  Future<RowSet<Row>> lookup(String sql, Tuple values) {
    return guarded(on -> lookups(on).preparedQuery(sql).execute(values), ANSWER_MILLIS);
  }

  /** A statement that changes something, by itself a transaction. */
  Future<RowSet<Row>> change(String sql, Tuple values) {
    return again(
        () -> guarded(on -> on.work.preparedQuery(sql).execute(values), ANSWER_MILLIS), 10);
  }

  /** A statement that may take its time. */
  Future<RowSet<Row>> search(String sql, Tuple values) {
    return search(new Statement(sql, values));
  }

  Future<RowSet<Row>> search(Statement statement) {
    return guarded(on -> run(on.work, statement), SEARCH_MILLIS);
  }

  static Future<RowSet<Row>> run(SqlClient on, Statement statement) {
    return on.preparedQuery(statement.sql()).execute(statement.values());
  }

  /** Several statements that read the same moment. */
  <T> Future<T> snapshot(Function<SqlConnection, Future<T>> work) {
    return transaction(
        on ->
            on.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                .execute()
                .compose(begun -> work.apply(on)));
  }

  /** Several statements that are one change. */
  <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
    return again(() -> guarded(on -> on.work.withTransaction(work), SEARCH_MILLIS), 10);
  }

  /** Where two changes were in each other's way, the server lets one of them try again. */
  private static <T> Future<T> again(Supplier<Future<T>> change, int attempts) {
    return change
        .get()
        .recover(
            thrown ->
                attempts > 1 && PgFailures.worthAnotherTry(thrown)
                    ? again(change, attempts - 1)
                    : Future.failedFuture(PgFailures.of(thrown)));
  }

  /** Until nobody else changed the same in between, which an empty result tells. */
  <T> Future<T> untilKept(Supplier<Future<Optional<T>>> attempt) {
    return untilKept(attempt, MOST_ATTEMPTS);
  }

  private static <T> Future<T> untilKept(Supplier<Future<Optional<T>>> attempt, int attempts) {
    return attempt
        .get()
        .compose(
            kept -> {
              if (kept.isPresent()) {
                return Future.succeededFuture(kept.get());
              }
              return attempts > 1
                  ? untilKept(attempt, attempts - 1)
                  : Future.failedFuture(Failure.of(Reason.OVERLOADED));
            });
  }

  /** Something while no other process of this database does such a thing. */
  <T> Future<T> exclusively(Supplier<Future<T>> work) {
    return PgConnection.connect(vertx, options(EXCLUSIVE_MILLIS))
        .compose(
            connection ->
                connection
                    .preparedQuery("SELECT pg_advisory_lock($1)")
                    .execute(Tuple.of(EXCLUSIVE_LOCK))
                    .compose(locked -> work.get())
                    // The lock ends with the connection.
                    .eventually(connection::close))
        .recover(thrown -> Future.failedFuture(PgFailures.of(thrown)));
  }

  /** A connection of the caller's own. */
  Future<PgConnection> ownConnection() {
    return PgConnection.connect(vertx, options(0));
  }

  private <T> Future<T> guarded(Function<Lines, Future<T>> call, long millis) {
    if (closing) {
      return Future.failedFuture(Failure.of(Reason.UNAVAILABLE));
    }
    if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
      done();
      return Future.failedFuture(Failure.of(Reason.OVERLOADED));
    }
    var on = lines;
    return Deadline.within(vertx, millis, call.apply(on))
        .transform(
            (result, thrown) -> {
              done();
              if (thrown == null || PgFailures.saidByServer(thrown)) {
                answered = System.nanoTime();
              }
              return thrown == null
                  ? Future.succeededFuture(result)
                  : Future.failedFuture(failure(thrown, on, millis));
            });
  }

  private Throwable failure(Throwable thrown, Lines on, long millis) {
    if (!(thrown instanceof TimeoutException) && !PgFailures.noTurn(thrown)) {
      return PgFailures.of(thrown);
    }
    if (silentFor(TURN_MILLIS)) {
      renew(on);
      return Failure.of(Reason.UNAVAILABLE, thrown);
    }
    return Failure.of(millis == SEARCH_MILLIS ? Reason.TIMED_OUT : Reason.OVERLOADED, thrown);
  }

  private boolean silentFor(long millis) {
    return System.nanoTime() - answered > TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** A server that went away without a word leaves connections on which nothing comes any more. */
  private synchronized void renew(Lines silent) {
    if (lines.equals(silent) && !closing) {
      lines = open();
      silent.close();
    }
  }

  private void done() {
    if (underWay.decrementAndGet() == 0 && closing) {
      drained.tryComplete();
    }
  }

  /** Refuses what is new, waits for what is under way, and lets go of every connection. */
  Future<Void> close() {
    closing = true;
    vertx.cancelTimer(probing);
    if (underWay.get() == 0) {
      drained.tryComplete();
    }
    return drained.future().compose(done -> lines.close());
  }
}
