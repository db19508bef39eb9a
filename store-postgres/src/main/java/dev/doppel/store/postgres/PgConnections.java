package dev.doppel.store.postgres;

import dev.doppel.users.Deadline;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.StoreCalls;
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
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The connections to the database and the timeouts of each kind. Thread-safe.
 *
 * <pre>
 *   lookups   one connection for each event loop that serves, on which statements are pipelined;
 *             each is quick, none waits for a lock, and no thread waits for another
 *   changes   one statement or transaction at a time on each; the server cancels a slow one before
 *             its timeout here, so that a change that is refused isn't made
 *   searches  one statement at a time on each
 * </pre>
 */
final class PgConnections implements PgAccess {

  /** For a lookup or a change. With the time on the network, a client has its answer in 2 s. */
  private static final long ANSWER_TIMEOUT_MILLIS = 1_500;

  /** For a statement that changes something, on the server. */
  private static final long CHANGE_TIMEOUT_MILLIS = 700;

  /**
   * For a lock; less than {@link #CHANGE_TIMEOUT_MILLIS}, so that the server reports it as such.
   */
  private static final long LOCK_TIMEOUT_MILLIS = 600;

  /** A change that conflicts with another is retried for this long. */
  private static final long MAX_RETRY_MILLIS = 400;

  /** For each statement of a transaction. */
  private static final long TRANSACTION_STATEMENT_TIMEOUT_MILLIS = 5_000;

  /** For the next statement of a gateway that has begun a transaction. */
  private static final long IDLE_TRANSACTION_TIMEOUT_MILLIS = 3_000;

  /** For a list, which may have to read very many rows. */
  private static final long SEARCH_TIMEOUT_MILLIS = 10_000;

  /** How often a silent server is probed while calls are active. */
  private static final long PROBE_INTERVAL_MILLIS = 400;

  /** After this long without any answer, the server is considered gone. */
  private static final long MAX_SILENCE_MILLIS = 1_000;

  /** After this long without a lookup, its connection is closed. */
  private static final int LOOKUP_IDLE_SECONDS = 60;

  private static final int MAX_ACTIVE_CALLS = 10_000;
  private static final int MAX_WAITING_CALLS = 2_000;

  /** The key of the lookups of all threads that are not event loops; never started. */
  private static final Thread OTHER_THREADS = new Thread("any but an event loop");

  /**
   * Takes the lock that all changes share, exclusively; see V3__integrity.sql. The first number
   * identifies this program.
   */
  private static final String LOCK_EXCLUSIVELY =
      "SELECT set_config('statement_timeout', '"
          + TRANSACTION_STATEMENT_TIMEOUT_MILLIS
          + "', true),"
          + " pg_advisory_xact_lock(1685024881, 0)";

  private static final String READ_CONSISTENTLY =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

  private static final PgStatement PROBE = new PgStatement("SELECT 1", Tuple.tuple());

  private final Vertx vertx;
  private final PgErrorLog errors = new PgErrorLog();
  private final PgServers servers;
  private final PgSettings settings;
  private final boolean pooled;
  private final int size;
  private final Map<CallKind, StoreCalls> calls = new EnumMap<>(CallKind.class);
  private final AtomicInteger activeCalls = new AtomicInteger();
  private final Promise<Void> drained = Promise.promise();
  private final long probeTimer;
  private volatile Pools pools;
  private final AtomicBoolean isRenewalScheduled = new AtomicBoolean();
  private volatile boolean closing;

  /** In nanoseconds, the time of the last answer of the server. */
  private volatile long lastAnswer = System.nanoTime();

  /** In nanoseconds, the time when all connections were replaced last. */
  private volatile long lastRenewal =
      lastAnswer - TimeUnit.MILLISECONDS.toNanos(MAX_SILENCE_MILLIS);

  private record Pools(Map<Thread, PgExecutor> lookups, PgPool changes, PgPool searches) {
    Future<Void> close() {
      var all = Stream.concat(lookups.values().stream(), Stream.of(changes, searches));
      return Future.join(all.map(PgExecutor::close).toList()).mapEmpty();
    }
  }

  /**
   * @param size maximum number of connections for changes, and as many again for searches
   */
  PgConnections(Vertx vertx, PgServers servers, PgAddress address, int size) {
    this.vertx = vertx;
    this.servers = servers;
    this.size = size;
    for (var kind : CallKind.values()) {
      calls.put(kind, new StoreCalls(kind.name().toLowerCase(Locale.ROOT)));
    }
    pooled = address.pooled();
    settings =
        PgSettings.inSchema(address.schema())
            .with("jit", "off") // costs more than nearly any statement here
            // Plans that were made while a table was small are kept when it has grown.
            .with("enable_seqscan", "off");
    pools = openPools();
    probeTimer = vertx.setPeriodic(PROBE_INTERVAL_MILLIS, fired -> probe());
  }

  /** Distinguishes a server that is busy, or waits for a lock, from one that is gone. */
  private void probe() {
    if (activeCalls.get() > 0 && isSilentFor(PROBE_INTERVAL_MILLIS)) {
      lookups(pools).execute(PROBE).onSuccess(alive -> lastAnswer = System.nanoTime());
    }
  }

  private Pools openPools() {
    var forChanges =
        withTimeout(CHANGE_TIMEOUT_MILLIS)
            .with("lock_timeout", LOCK_TIMEOUT_MILLIS)
            .with("idle_in_transaction_session_timeout", IDLE_TRANSACTION_TIMEOUT_MILLIS);
    return new Pools(
        new ConcurrentHashMap<>(),
        openPool(forChanges, "changes"),
        openPool(withTimeout(SEARCH_TIMEOUT_MILLIS), "searches"));
  }

  private PgSettings withTimeout(long millis) {
    return settings.with("statement_timeout", millis);
  }

  /**
   * @param name of the pool in metrics
   */
  private PgPool openPool(PgSettings with, String name) {
    var pool =
        PgBuilder.pool()
            .with(
                new PoolOptions()
                    .setName(name)
                    .setMaxSize(size)
                    .setMaxWaitQueueSize(MAX_WAITING_CALLS)
                    .setConnectionTimeout(0))
            .with(new NetClientOptions().setConnectTimeout(PgPool.ACQUIRE_TIMEOUT))
            .connectingTo(() -> options(with))
            .using(vertx)
            .build();
    return new PgPool(vertx, pool, with.perTransaction(pooled));
  }

  private Future<SqlConnectOptions> options(PgSettings with) {
    return servers.find(with).map(options -> options);
  }

  /** Returns the connection of this event loop, or the one that all other threads share. */
  private PgExecutor lookups(Pools of) {
    var ownsOne = !pooled && Context.isOnEventLoopThread();
    var thread = ownsOne ? Thread.currentThread() : OTHER_THREADS;
    var opened = of.lookups.get(thread);
    return opened != null ? opened : of.lookups.computeIfAbsent(thread, first -> openLookups());
  }

  private PgExecutor openLookups() {
    var with = withTimeout(ANSWER_TIMEOUT_MILLIS);
    if (pooled) {
      return openPool(with, "lookups");
    }
    return new PgExecutor.Pipeline(
        PgBuilder.client()
            .with(
                new PoolOptions()
                    .setName("lookups")
                    .setMaxSize(1)
                    .setIdleTimeout(LOOKUP_IDLE_SECONDS))
            .with(new NetClientOptions().setConnectTimeout(PgPool.ACQUIRE_TIMEOUT))
            .connectingTo(() -> options(with))
            .using(vertx)
            .build());
  }

  @Override
  public Future<RowSet<Row>> lookup(String sql, Tuple values) {
    return measure(
        CallKind.LOOKUP,
        () ->
            withDeadline(of -> lookups(of).execute(new PgStatement(sql, values)), CallKind.LOOKUP));
  }

  @Override
  public Future<RowSet<Row>> change(String sql, Tuple values) {
    return measure(
        CallKind.CHANGE,
        () ->
            retryOnConflict(
                () ->
                    withDeadline(
                        of -> of.changes.execute(new PgStatement(sql, values)), CallKind.CHANGE)));
  }

  @Override
  public Future<RowSet<Row>> search(PgStatement statement) {
    return measure(
        CallKind.SEARCH, () -> withDeadline(of -> of.searches.execute(statement), CallKind.SEARCH));
  }

  /** Fails with UNAVAILABLE if changes can't be made. */
  Future<Void> checkWritable() {
    return withDeadline(of -> of.changes.checkWritable(), CallKind.CHANGE)
        .recover(
            thrown ->
                thrown instanceof Failure failure && failure.reason() == Reason.OVERLOADED
                    ? lookup(PROBE.sql(), PROBE.values()).mapEmpty() // changes are being made
                    : Future.failedFuture(thrown));
  }

  @Override
  public <T> Future<T> readConsistently(Function<SqlConnection, Future<T>> work) {
    return measure(
        CallKind.SEARCH,
        () ->
            withDeadline(of -> of.searches.transaction(READ_CONSISTENTLY, work), CallKind.SEARCH));
  }

  @Override
  public <T> Future<T> transaction(Function<SqlConnection, Future<T>> work) {
    return measure(
        CallKind.TRANSACTION,
        () ->
            retryOnConflict(
                () ->
                    withDeadline(
                        of -> of.changes.transaction(LOCK_EXCLUSIVELY, work),
                        CallKind.TRANSACTION)));
  }

  /** Retries a change that the server rolled back in favor of another. */
  private static <T> Future<T> retryOnConflict(Supplier<Future<T>> change) {
    return retryOnConflict(change, System.nanoTime());
  }

  private static <T> Future<T> retryOnConflict(Supplier<Future<T>> change, long begin) {
    return change
        .get()
        .recover(
            thrown ->
                PgFailures.isConflict(thrown)
                        && System.nanoTime() - begin
                            < TimeUnit.MILLISECONDS.toNanos(MAX_RETRY_MILLIS)
                    ? retryOnConflict(change, begin)
                    : Future.failedFuture(PgFailures.translate(thrown)));
  }

  /**
   * Opens a connection for the caller alone, who closes it. Fails with NOT_SUPPORTED through
   * PgBouncer.
   */
  Future<PgConnection> openConnection() {
    return pooled
        ? Future.failedFuture(Failure.of(Reason.NOT_SUPPORTED, "snapshots through PgBouncer"))
        : servers.connect(withTimeout(0));
  }

  /** The kinds of calls, with their timeouts and the reasons that they fail with in that case. */
  private enum CallKind {
    LOOKUP(ANSWER_TIMEOUT_MILLIS, Reason.OVERLOADED, Reason.TIMED_OUT),
    CHANGE(ANSWER_TIMEOUT_MILLIS, Reason.UNAVAILABLE, Reason.OVERLOADED),
    TRANSACTION(SEARCH_TIMEOUT_MILLIS, Reason.UNAVAILABLE, Reason.OVERLOADED),
    SEARCH(SEARCH_TIMEOUT_MILLIS, Reason.TIMED_OUT, Reason.TIMED_OUT);

    final long timeoutMillis;

    /** Where no answer came, so that it isn't known whether a change was made. */
    final Reason noAnswer;

    /** Where the server canceled it, so that a change wasn't made. */
    final Reason canceled;

    CallKind(long timeoutMillis, Reason noAnswer, Reason canceled) {
      this.timeoutMillis = timeoutMillis;
      this.noAnswer = noAnswer;
      this.canceled = canceled;
    }

    Throwable translateCanceled(Throwable thrown) {
      return thrown instanceof Failure failure && failure.reason() == Reason.TIMED_OUT
          ? Failure.of(canceled, failure)
          : thrown;
    }
  }

  /** Returns the counts of calls, retries included in the call that they belong to. */
  List<StoreCalls> calls() {
    return List.copyOf(calls.values());
  }

  private <T> Future<T> measure(CallKind kind, Supplier<Future<T>> call) {
    return Objects.requireNonNull(calls.get(kind)).measure(call);
  }

  private <T> Future<T> withDeadline(Function<Pools, Future<T>> call, CallKind kind) {
    if (closing) {
      return Future.failedFuture(Failure.of(Reason.UNAVAILABLE));
    }
    if (activeCalls.incrementAndGet() > MAX_ACTIVE_CALLS) {
      onCallEnded();
      return Future.failedFuture(Failure.of(Reason.OVERLOADED));
    }
    var of = pools;
    return Deadline.within(vertx, kind.timeoutMillis, call.apply(of))
        .transform(
            (result, thrown) -> {
              onCallEnded();
              if (thrown == null || PgFailures.isFromServer(thrown)) {
                lastAnswer = System.nanoTime();
              }
              return thrown == null
                  ? Future.succeededFuture(result)
                  : Future.failedFuture(handleFailure(thrown, of, kind));
            });
  }

  /** Logs an error, replaces connections if it shows that they are of no use, and translates it. */
  private Throwable handleFailure(Throwable thrown, Pools of, CallKind kind) {
    errors.add(thrown);
    if (PgFailures.outage(thrown).isPresent()) {
      servers.forget();
    }
    if (PgFailures.isReadOnly(thrown) && servers.hasSeveral()) {
      moveToWritableServer(of);
    }
    var exhausted = PgFailures.isPoolExhausted(thrown);
    if (!(thrown instanceof TimeoutException) && !exhausted) {
      return kind.translateCanceled(PgFailures.translate(thrown));
    }
    if (isSilentFor(MAX_SILENCE_MILLIS)) {
      renew(of);
      return Failure.of(Reason.UNAVAILABLE, thrown);
    }
    return Failure.of(exhausted ? Reason.OVERLOADED : kind.noAnswer, thrown);
  }

  private boolean isSilentFor(long millis) {
    return System.nanoTime() - lastAnswer > TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /**
   * Replaces all connections, at most once a second, since lookups have to go to the same server as
   * changes. A server that was chosen just before it became read-only is left a second later.
   */
  private void moveToWritableServer(Pools of) {
    if (!wasRenewedWithin(MAX_SILENCE_MILLIS)) {
      renew(of);
    } else if (isRenewalScheduled.compareAndSet(false, true)) {
      vertx.setTimer(
          MAX_SILENCE_MILLIS,
          fired -> {
            isRenewalScheduled.set(false);
            renew(pools);
          });
    }
  }

  private boolean wasRenewedWithin(long millis) {
    return System.nanoTime() - lastRenewal < TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /**
   * Replaces all connections, unless that was done already. A server that disappeared silently
   * leaves connections on which no answer will ever come.
   */
  private synchronized void renew(Pools broken) {
    if (pools.equals(broken) && !closing) {
      lastRenewal = System.nanoTime();
      pools = openPools();
      broken.close();
    }
  }

  private void onCallEnded() {
    if (activeCalls.decrementAndGet() == 0 && closing) {
      drained.tryComplete();
    }
  }

  /** Refuses new calls, waits for active ones, and closes all connections. */
  Future<Void> close() {
    closing = true;
    vertx.cancelTimer(probeTimer);
    if (activeCalls.get() == 0) {
      drained.tryComplete();
    }
    return drained.future().compose(done -> pools.close());
  }
}
