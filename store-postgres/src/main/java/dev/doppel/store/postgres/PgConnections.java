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
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The ways to the database, and how long is waited on each.
 *
 * <pre>
 *   lookups   one connection for each event loop that serves, with many statements on it at once;
 *             each is quick, none waits for a lock, and no thread waits for another
 *   changes   one statement or transaction at a time on each; the server gives up what takes long
 *             before its answer is given up here, so that what is refused isn't done
 *   searches  one statement at a time on each
 * </pre>
 */
final class PgConnections implements PgAccess {

  /** For an answer to a lookup or a change: with the way there, a client knows within 2 s. */
  private static final long ANSWER_MILLIS = 1_500;

  /** For a statement that changes something, on the server. */
  private static final long CHANGE_MILLIS = 700;

  /** For a lock; below the above, so that the server says which it was. */
  private static final long LOCK_MILLIS = 600;

  /** For a change that was in another's way, to be tried again. */
  private static final long AGAIN_MILLIS = 400;

  /** For each statement of several that are one change. */
  private static final long PART_MILLIS = 5_000;

  /** For a gateway that has begun a change and says nothing more. */
  private static final long SILENT_MILLIS = 3_000;

  /** For a list, which may have to look at very many. */
  private static final long SEARCH_MILLIS = 10_000;

  /** How often the server is asked for a word while something is under way and it says none. */
  private static final long PROBE_MILLIS = 400;

  /** Without a word for so long, the server is taken for gone. */
  private static final long SILENCE_MILLIS = 1_000;

  /** After which a connection for lookups is closed that nobody uses. */
  private static final int IDLE_SECONDS = 60;

  private static final Thread NO_EVENT_LOOP = new Thread("any but an event loop");

  private static final int MOST_UNDER_WAY = 10_000;
  private static final int MOST_WAITING = 2_000;

  /**
   * The lock that all who change something share, held alone; see V3__integrity.sql. The first
   * number is this program's.
   */
  private static final String HOLD_ALONE =
      "SELECT set_config('statement_timeout', '"
          + PART_MILLIS
          + "', true),"
          + " pg_advisory_xact_lock(1685024881, 0)";

  private static final Statement ALIVE = new Statement("SELECT 1", Tuple.tuple());

  private final Vertx vertx;
  private final PgComplaints complaints = new PgComplaints();
  private final PgServers servers;
  private final PgSettings settings;
  private final boolean pooled;
  private final int size;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Promise<Void> drained = Promise.promise();
  private final long probing;
  private volatile Lines lines;
  private final AtomicBoolean following = new AtomicBoolean();
  private volatile boolean closing;

  /** When the server last said anything; without it for long, its connections are given up. */
  private volatile long answered = System.nanoTime();

  /** When all connections were closed for others last. */
  private volatile long renewed = answered - TimeUnit.MILLISECONDS.toNanos(SILENCE_MILLIS);

  private record Lines(Map<Thread, PgLine> lookups, PgPool changes, PgPool searches) {
    Future<Void> close() {
      var all = Stream.concat(lookups.values().stream(), Stream.of(changes, searches));
      return Future.join(all.map(PgLine::close).toList()).mapEmpty();
    }
  }

  /**
   * @param size how many connections at most for changes, and as many for searches
   */
  PgConnections(Vertx vertx, PgServers servers, PgAddress address, int size) {
    this.vertx = vertx;
    this.servers = servers;
    this.size = size;
    pooled = address.pooled();
    settings =
        PgSettings.in(address.schema())
            .with("jit", "off") // costs more than nearly any statement here
            // Plans that were made while a table was small are kept when it has grown.
            .with("enable_seqscan", "off");
    lines = open();
    probing = vertx.setPeriodic(PROBE_MILLIS, fired -> probe());
  }

  /** Tells a server that is busy, or waits for a lock, from one that is gone. */
  private void probe() {
    if (underWay.get() > 0 && silentFor(PROBE_MILLIS)) {
      lookups(lines).run(ALIVE).onSuccess(alive -> answered = System.nanoTime());
    }
  }

  private Lines open() {
    var changing =
        withTimeout(CHANGE_MILLIS)
            .with("lock_timeout", LOCK_MILLIS)
            .with("idle_in_transaction_session_timeout", SILENT_MILLIS);
    return new Lines(new ConcurrentHashMap<>(), pool(changing), pool(withTimeout(SEARCH_MILLIS)));
  }

  private PgSettings withTimeout(long millis) {
    return settings.with("statement_timeout", millis);
  }

  private PgPool pool(PgSettings with) {
    var pool =
        PgBuilder.pool()
            .with(
                new PoolOptions()
                    .setMaxSize(size)
                    .setMaxWaitQueueSize(MOST_WAITING)
                    .setConnectionTimeout(0))
            .with(new NetClientOptions().setConnectTimeout(PgPool.TURN_TIMEOUT))
            .connectingTo(() -> server(with))
            .using(vertx)
            .build();
    return new PgPool(vertx, pool, pooled ? Optional.of(with.local()) : Optional.empty());
  }

  private Future<SqlConnectOptions> server(PgSettings with) {
    return servers.find().map(server -> with.on(server, pooled));
  }

  /** That of this event loop, or of all other threads together. */
  private PgLine lookups(Lines on) {
    var own = !pooled && Context.isOnEventLoopThread();
    var thread = own ? Thread.currentThread() : NO_EVENT_LOOP;
    var known = on.lookups.get(thread);
    return known != null ? known : on.lookups.computeIfAbsent(thread, first -> openLookups());
  }

  private PgLine openLookups() {
    if (pooled) {
      return pool(withTimeout(ANSWER_MILLIS));
    }
    return new PgLine.Pipeline(
        PgBuilder.client()
            .with(new PoolOptions().setMaxSize(1).setIdleTimeout(IDLE_SECONDS))
            .with(new NetClientOptions().setConnectTimeout(PgPool.TURN_TIMEOUT))
            .connectingTo(() -> server(withTimeout(ANSWER_MILLIS)))
            .using(vertx)
            .build());
  }

  @Override
  public Future<RowSet<Row>> lookup(String sql, Tuple values) {
    return guarded(on -> lookups(on).run(new Statement(sql, values)), Waiting.LOOKUP);
  }

  @Override
  public Future<RowSet<Row>> change(String sql, Tuple values) {
    return again(() -> guarded(on -> on.changes.run(new Statement(sql, values)), Waiting.CHANGE));
  }

  @Override
  public Future<RowSet<Row>> search(Statement statement) {
    return guarded(on -> on.searches.run(statement), Waiting.SEARCH);
  }

  /** Fails with UNAVAILABLE if changes can't be made. */
  Future<Void> checkWritable() {
    return guarded(on -> on.changes.checkWritable(), Waiting.CHANGE)
        .recover(
            thrown ->
                thrown instanceof Failure failure && failure.reason() == Reason.OVERLOADED
                    ? lookup(ALIVE.sql(), ALIVE.values()).mapEmpty() // they are being made
                    : Future.failedFuture(thrown));
  }

  static Future<RowSet<Row>> run(SqlClient on, Statement statement) {
    return on.preparedQuery(statement.sql()).execute(statement.values());
  }

  @Override
  public <T> Future<T> snapshot(Function<SqlConnection, Future<T>> work) {
    return guarded(
        on ->
            on.searches.transaction(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", work),
        Waiting.SEARCH);
  }

  @Override
  public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
    return again(() -> guarded(on -> on.changes.transaction(HOLD_ALONE, work), Waiting.CHANGES));
  }

  /** Where two changes were in each other's way, the server lets one of them try again. */
  private static <T> Future<T> again(Supplier<Future<T>> change) {
    return again(change, System.nanoTime());
  }

  private static <T> Future<T> again(Supplier<Future<T>> change, long begun) {
    return change
        .get()
        .recover(
            thrown ->
                PgFailures.worthAnotherTry(thrown)
                        && System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS)
                    ? again(change, begun)
                    : Future.failedFuture(PgFailures.of(thrown)));
  }

  /** A connection of the caller's own. Fails with NOT_SUPPORTED through PgBouncer. */
  Future<PgConnection> ownConnection() {
    return pooled
        ? Future.failedFuture(Failure.of(Reason.NOT_SUPPORTED, "snapshots through PgBouncer"))
        : servers.connect(withTimeout(0));
  }

  /** What is waited for, how long, and what it means that nothing came. */
  private enum Waiting {
    LOOKUP(ANSWER_MILLIS, Reason.OVERLOADED, Reason.TIMED_OUT),
    CHANGE(ANSWER_MILLIS, Reason.UNAVAILABLE, Reason.OVERLOADED),
    CHANGES(SEARCH_MILLIS, Reason.UNAVAILABLE, Reason.OVERLOADED),
    SEARCH(SEARCH_MILLIS, Reason.TIMED_OUT, Reason.TIMED_OUT);

    final long millis;

    /** No answer came. Whether a change was made isn't known then. */
    final Reason silent;

    /** The server gave it up, so a change wasn't made. */
    final Reason givenUp;

    Waiting(long millis, Reason silent, Reason givenUp) {
      this.millis = millis;
      this.silent = silent;
      this.givenUp = givenUp;
    }

    Throwable of(Throwable thrown) {
      return thrown instanceof Failure failure && failure.reason() == Reason.TIMED_OUT
          ? Failure.of(givenUp, failure)
          : thrown;
    }
  }

  private <T> Future<T> guarded(Function<Lines, Future<T>> call, Waiting waiting) {
    if (closing) {
      return Future.failedFuture(Failure.of(Reason.UNAVAILABLE));
    }
    if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
      done();
      return Future.failedFuture(Failure.of(Reason.OVERLOADED));
    }
    var on = lines;
    return Deadline.within(vertx, waiting.millis, call.apply(on))
        .transform(
            (result, thrown) -> {
              done();
              if (thrown == null || PgFailures.saidByServer(thrown)) {
                answered = System.nanoTime();
              }
              return thrown == null
                  ? Future.succeededFuture(result)
                  : Future.failedFuture(failure(thrown, on, waiting));
            });
  }

  private Throwable failure(Throwable thrown, Lines on, Waiting waiting) {
    complaints.note(thrown);
    if (PgFailures.outage(thrown).isPresent()) {
      servers.forget();
    }
    if (PgFailures.readOnly(thrown) && servers.several()) {
      followChanges(on);
    }
    var noTurn = PgFailures.noTurn(thrown);
    if (!(thrown instanceof TimeoutException) && !noTurn) {
      return waiting.of(PgFailures.of(thrown));
    }
    if (silentFor(SILENCE_MILLIS)) {
      renew(on);
      return Failure.of(Reason.UNAVAILABLE, thrown);
    }
    return Failure.of(noTurn ? Reason.OVERLOADED : waiting.silent, thrown);
  }

  private boolean silentFor(long millis) {
    return System.nanoTime() - answered > TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /**
   * Opens all connections anew, at most once a second, since lookups have to go where changes go. A
   * server that was found just before it became read-only is left behind a second later.
   */
  private void followChanges(Lines on) {
    if (!renewedWithin(SILENCE_MILLIS)) {
      renew(on);
    } else if (following.compareAndSet(false, true)) {
      vertx.setTimer(
          SILENCE_MILLIS,
          fired -> {
            following.set(false);
            renew(lines);
          });
    }
  }

  private boolean renewedWithin(long millis) {
    return System.nanoTime() - renewed < TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** A server that went away without a word leaves connections on which nothing comes any more. */
  private synchronized void renew(Lines silent) {
    if (lines.equals(silent) && !closing) {
      renewed = System.nanoTime();
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
