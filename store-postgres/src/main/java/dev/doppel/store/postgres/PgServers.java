package dev.doppel.store.postgres;

import dev.doppel.store.postgres.PgAddress.Target;
import dev.doppel.users.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the server to connect to: of several, one that is as the URI wants it. Looks once, and
 * again after {@link #forget}, which follows every sign that another server may have taken over.
 * Thread-safe.
 */
final class PgServers {

  /** For connecting and asking, where nobody's request waits for it. */
  static final long CONNECT_TIMEOUT = 5_000;

  private static final Logger LOG = System.getLogger(PgServers.class.getName());

  private static final String STATE =
      "SELECT pg_is_in_recovery(), current_setting('transaction_read_only')::boolean";

  private final Vertx vertx;
  private final PgAddress address;
  private Optional<Future<PgConnectOptions>> found = Optional.empty();

  /** A server that takes no changes. */
  static final class ReadOnlyException extends RuntimeException {

    ReadOnlyException(String message) {
      super(message, null, false, false);
    }
  }

  /** None of the servers can be used; the message says why not, for each. */
  static final class NoServerException extends RuntimeException {

    private final boolean passing;

    NoServerException(String message, boolean passing) {
      super(message, null, false, false);
      this.passing = passing;
    }

    /** Returns whether one of them may be usable soon. */
    boolean passing() {
      return passing;
    }
  }

  PgServers(Vertx vertx, PgAddress address) {
    this.vertx = vertx;
    this.address = address;
  }

  boolean several() {
    return address.servers().size() > 1;
  }

  /** Returns how to connect to the server. Fails with {@link NoServerException}. */
  synchronized Future<PgConnectOptions> find() {
    var servers = address.servers();
    if (servers.size() == 1 && address.target() == Target.ANY) {
      return Future.succeededFuture(servers.get(0));
    }
    var known = found.filter(Future::succeeded).or(() -> found.filter(one -> !one.isComplete()));
    if (known.isEmpty()) {
      known = Optional.of(look(servers));
      found = known;
    }
    return known.get().map(PgConnectOptions::new);
  }

  synchronized void forget() {
    found = found.filter(one -> !one.isComplete());
  }

  /** Asks all of them at once, so that one that is silent delays no other. */
  private Future<PgConnectOptions> look(List<PgConnectOptions> servers) {
    var asked = servers.stream().map(this::check).toList();
    if (address.target() == Target.ANY) {
      return firstInOrder(asked).recover(thrown -> Future.failedFuture(none(servers, asked)));
    }
    var first = Promise.<PgConnectOptions>promise();
    asked.forEach(one -> one.onSuccess(first::tryComplete));
    Future.join(asked).onFailure(thrown -> first.tryFail(none(servers, asked)));
    return first.future();
  }

  /** Where each would do, all gateways take the same. */
  private static Future<PgConnectOptions> firstInOrder(List<Future<PgConnectOptions>> asked) {
    return asked.stream().reduce((one, next) -> one.recover(thrown -> next)).orElseThrow();
  }

  /** Returns the same server if it can be connected to and is as the URI wants it. */
  private Future<PgConnectOptions> check(PgConnectOptions server) {
    return connect(vertx, PgSettings.NONE.on(server, address.pooled()))
        .compose(on -> checkState(on).onComplete(done -> on.close()))
        .map(server);
  }

  private Future<Void> checkState(PgConnection on) {
    if (address.target() == Target.ANY) {
      return Future.succeededFuture();
    }
    return Deadline.within(vertx, CONNECT_TIMEOUT, on.query(STATE).execute())
        .compose(
            rows -> {
              var state = rows.iterator().next();
              if (address.target() == Target.PRIMARY && state.getBoolean(0)) {
                return Future.failedFuture(new ReadOnlyException("the server is a standby"));
              }
              return address.target() == Target.READ_WRITE && state.getBoolean(1)
                  ? Future.failedFuture(new ReadOnlyException("the server is read-only"))
                  : Future.succeededFuture();
            });
  }

  private static NoServerException none(
      List<PgConnectOptions> servers, List<Future<PgConnectOptions>> asked) {
    var reasons = new ArrayList<String>();
    var passing = false;
    for (int i = 0; i < servers.size(); i++) {
      var thrown = asked.get(i).cause();
      var outage = PgFailures.outage(thrown);
      passing |= outage.isPresent();
      var why = outage.orElseGet(() -> PgFailures.line(thrown));
      reasons.add(servers.size() == 1 ? why : PgAddress.host(servers.get(i)) + ": " + why);
    }
    return new NoServerException(String.join("; ", reasons), passing);
  }

  /** What is under way on it fails for it, too; Vert.x would print it. */
  static void logBroken(Throwable thrown) {
    LOG.log(Level.DEBUG, "a connection to PostgreSQL broke", thrown);
  }

  /** Connects within {@link #CONNECT_TIMEOUT}; closes a connection that comes too late. */
  static Future<PgConnection> connect(Vertx vertx, PgConnectOptions options) {
    var connecting = PgConnection.connect(vertx, options);
    return Deadline.within(vertx, CONNECT_TIMEOUT, connecting)
        .onSuccess(on -> on.exceptionHandler(PgServers::logBroken))
        .onFailure(late -> connecting.onSuccess(PgConnection::close));
  }

  /** Connects to the server that {@link #find} finds. */
  Future<PgConnection> connect(PgSettings settings) {
    return find()
        .compose(server -> connect(vertx, settings.on(server, address.pooled())))
        .onFailure(thrown -> forget());
  }
}
