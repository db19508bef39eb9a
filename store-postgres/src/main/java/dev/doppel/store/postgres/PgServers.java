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
 * Chooses the server to connect to, by {@code target_session_attrs} of the URI.
 *
 * <pre>
 *   any, one server                that server, without asking it
 *   any, several servers           the first in the order of the URI that accepts a connection
 *   read-write or primary          the first to answer that it is such a server
 * </pre>
 *
 * <p>The choice is kept until {@link #forget}, which is called at every sign that another server
 * may have taken over. Thread-safe.
 */
final class PgServers {

  /** In milliseconds, for a connection or an answer where no request waits for it. */
  static final long CONNECT_TIMEOUT = 5_000;

  private static final Logger LOG = System.getLogger(PgServers.class.getName());

  private final Vertx vertx;
  private final PgAddress address;
  private Optional<Future<PgConnectOptions>> chosen = Optional.empty();

  /** Thrown where none of the servers can be used. The message names the reason of each. */
  static final class NoServerException extends RuntimeException {

    private final boolean isTransient;

    NoServerException(String message, boolean isTransient) {
      super(message, null, false, false);
      this.isTransient = isTransient;
    }

    /** Returns whether one of the servers may be usable soon. */
    boolean isTransient() {
      return isTransient;
    }
  }

  PgServers(Vertx vertx, PgAddress address) {
    this.vertx = vertx;
    this.address = address;
  }

  boolean hasSeveral() {
    return address.servers().size() > 1;
  }

  /**
   * Returns how to connect to the chosen server.
   *
   * @param settings that hold on the connection, unless it is through PgBouncer
   * @return fails with {@link NoServerException}
   */
  Future<PgConnectOptions> find(PgSettings settings) {
    return find().map(server -> settings.applyTo(server, address.pooled()));
  }

  private synchronized Future<PgConnectOptions> find() {
    var servers = address.servers();
    if (servers.size() == 1 && address.target() == Target.ANY) {
      return Future.succeededFuture(servers.get(0));
    }
    var server = chosen.filter(choice -> !choice.failed()).orElseGet(() -> choose(servers));
    chosen = Optional.of(server);
    return server;
  }

  /** Lets the next call choose again, unless a choice is under way. */
  synchronized void forget() {
    chosen = chosen.filter(choice -> !choice.isComplete());
  }

  /** Asks all servers at once, so that a silent one delays no other. */
  private Future<PgConnectOptions> choose(List<PgConnectOptions> servers) {
    var checks = servers.stream().map(this::check).toList();
    if (address.target() == Target.ANY) {
      return firstInOrder(checks)
          .recover(thrown -> Future.failedFuture(newNoServerException(servers, checks)));
    }
    var first = Promise.<PgConnectOptions>promise();
    checks.forEach(check -> check.onSuccess(first::tryComplete));
    Future.join(checks).onFailure(thrown -> first.tryFail(newNoServerException(servers, checks)));
    return first.future();
  }

  /** Returns the same for every gateway, where any server would do. */
  private static Future<PgConnectOptions> firstInOrder(List<Future<PgConnectOptions>> checks) {
    return checks.stream().reduce((one, next) -> one.recover(thrown -> next)).orElseThrow();
  }

  /** Returns the server if it accepts a connection and is of the kind that the URI asks for. */
  private Future<PgConnectOptions> check(PgConnectOptions server) {
    return connect(vertx, PgSettings.NONE.applyTo(server, address.pooled()))
        .compose(on -> checkTarget(on).onComplete(done -> on.close()))
        .map(server);
  }

  private Future<Void> checkTarget(PgConnection on) {
    if (address.target() == Target.ANY) {
      return Future.succeededFuture();
    }
    return Deadline.within(vertx, CONNECT_TIMEOUT, PgServerState.read(on))
        .map(
            state -> {
              state.requireTarget(address.target());
              return null;
            });
  }

  private static NoServerException newNoServerException(
      List<PgConnectOptions> servers, List<Future<PgConnectOptions>> checks) {
    var reasons = new ArrayList<String>();
    var isTransient = false;
    for (int i = 0; i < servers.size(); i++) {
      var thrown = checks.get(i).cause();
      var outage = PgFailures.outage(thrown);
      isTransient |= outage.isPresent();
      var reason = outage.orElseGet(() -> PgFailures.firstLine(thrown));
      reasons.add(servers.size() == 1 ? reason : PgAddress.host(servers.get(i)) + ": " + reason);
    }
    return new NoServerException(String.join("; ", reasons), isTransient);
  }

  /** Handles errors of a connection, which its calls fail with as well; Vert.x would print them. */
  static void logBroken(Throwable thrown) {
    LOG.log(Level.DEBUG, "a connection to PostgreSQL broke", thrown);
  }

  /** Connects within {@link #CONNECT_TIMEOUT}; closes a connection that comes too late. */
  private static Future<PgConnection> connect(Vertx vertx, PgConnectOptions options) {
    var connecting = PgConnection.connect(vertx, options);
    return Deadline.within(vertx, CONNECT_TIMEOUT, connecting)
        .onSuccess(on -> on.exceptionHandler(PgServers::logBroken))
        .onFailure(late -> connecting.onSuccess(PgConnection::close));
  }

  /** Connects to the chosen server. Fails as {@link #find} does, or as connecting does. */
  Future<PgConnection> connect(PgSettings settings) {
    return find(settings).compose(options -> connect(vertx, options)).onFailure(thrown -> forget());
  }
}
