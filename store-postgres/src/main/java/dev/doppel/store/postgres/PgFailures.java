package dev.doppel.store.postgres;

import dev.doppel.store.postgres.PgServerState.ReadOnlyException;
import dev.doppel.store.postgres.PgServers.NoServerException;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.StorageException;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Translates errors of the server, the client and the network. */
final class PgFailures {

  private static final Set<Reason> TRANSIENT_REASONS =
      EnumSet.of(Reason.UNAVAILABLE, Reason.OVERLOADED, Reason.TIMED_OUT);

  private static final String UNSUPPORTED_PARAMETER = "unsupported startup parameter";

  /** Permanent errors of PgBouncer, which has one SQLSTATE for all its errors. */
  private static final List<String> POOLER_REFUSALS =
      List.of(UNSUPPORTED_PARAMETER, "no such database", "no such user");

  /**
   * The message of a {@link VertxException}, which has no type of its own: the server closed the
   * connection before TLS was established (io.vertx.pgclient.impl.InitiateSslHandler).
   */
  private static final String CLOSED_IN_HANDSHAKE = "SSL handshake failed";

  private PgFailures() {}

  /** An exception of the work of a change, which is unrelated to the server. */
  private static final class WorkException extends RuntimeException {

    final Throwable thrown;

    WorkException(Throwable thrown) {
      super(null, thrown, false, false);
      this.thrown = thrown;
    }
  }

  /**
   * For {@link Future#recover} of the work of a change: wraps an exception of the work itself, so
   * that {@link #translate} doesn't mistake it for an error of the client.
   */
  static <T> Future<T> wrap(Throwable thrown) {
    return Future.failedFuture(
        thrown instanceof Failure || thrown instanceof PgException
            ? thrown
            : new WorkException(thrown));
  }

  /** For {@link Future#recover} of the change: unwraps the exception that {@link #wrap} wrapped. */
  static <T> Future<T> unwrap(Throwable thrown) {
    return Future.failedFuture(thrown instanceof WorkException work ? work.thrown : thrown);
  }

  /**
   * Returns the failure for an error. Violations of a constraint, failures and exceptions of the
   * caller are returned unchanged.
   */
  static Throwable translate(Throwable thrown) {
    if (thrown instanceof PgException error) {
      return PgSqlState.isOfClass(PgSqlState.CONSTRAINT_CLASS, error) ? error : newFailure(error);
    }
    if (thrown instanceof Failure || thrown instanceof WorkException) {
      return thrown;
    }
    if (thrown instanceof IllegalArgumentException || thrown instanceof IllegalStateException) {
      return thrown; // of the change
    }
    return Failure.of(isPoolExhausted(thrown) ? Reason.OVERLOADED : Reason.UNAVAILABLE, thrown);
  }

  private static Failure newFailure(PgException error) {
    var state = PgSqlState.of(error);
    return state
        .subject()
        .map(subject -> Failure.of(state.reason(), subject, error))
        .orElseGet(() -> Failure.of(state.reason(), error));
  }

  /**
   * Returns the line to log for an error that lasts until the server or its settings are changed;
   * empty for others.
   */
  static Optional<String> logMessage(Throwable thrown) {
    var cause = cause(thrown);
    if (cause instanceof ReadOnlyException) {
      return Optional.of(firstLine(cause));
    }
    return cause instanceof PgException error && PgSqlState.of(error).isLogged()
        ? Optional.of("%s (%s)".formatted(firstLine(error), error.getSqlState()))
        : Optional.empty();
  }

  /** Returns whether a change was refused by a read-only session, such as any of a standby. */
  static boolean isReadOnly(Throwable thrown) {
    var cause = cause(thrown);
    return cause instanceof ReadOnlyException
        || (cause instanceof PgException error && error.getSqlState().equals(PgSqlState.READ_ONLY));
  }

  /**
   * Returns why the server can't be used, if the same call may succeed soon; empty if waiting would
   * change nothing.
   */
  static Optional<String> outage(Throwable thrown) {
    var cause = cause(thrown);
    if (cause instanceof PgException error) {
      return isTransient(error) ? Optional.of(firstLine(error)) : Optional.empty();
    }
    if (cause instanceof NoServerException none) {
      return none.isTransient() ? Optional.of(firstLine(none)) : Optional.empty();
    }
    if (cause instanceof ReadOnlyException) {
      return Optional.of(firstLine(cause));
    }
    if (cause instanceof UnknownHostException) {
      return Optional.of("unknown host");
    }
    if (isTlsFailure(cause)) {
      return Optional.empty();
    }
    if (cause instanceof TimeoutException || isPoolExhausted(cause)) {
      return Optional.of("no answer in time");
    }
    if (cause instanceof Failure failure) {
      return TRANSIENT_REASONS.contains(failure.reason())
          ? Optional.of(failure.reason().name().toLowerCase(Locale.ROOT).replace('_', ' '))
          : Optional.empty();
    }
    if (cause instanceof ConnectException && firstLine(cause).startsWith("Connection refused")) {
      return Optional.of("connection refused");
    }
    return cause instanceof IOException || cause instanceof VertxException
        ? Optional.of(firstLine(cause))
        : Optional.empty();
  }

  private static boolean isTransient(PgException error) {
    return PgSqlState.of(error).isTransient()
        && !(PgSqlState.isOfClass(PgSqlState.CONNECTION_CLASS, error)
            && POOLER_REFUSALS.stream().anyMatch(firstLine(error)::contains));
  }

  private static boolean isTlsFailure(Throwable cause) {
    return cause instanceof SSLException
        || (cause instanceof VertxException && CLOSED_IN_HANDSHAKE.equals(cause.getMessage()));
  }

  /** Returns the exception for an error at opening that isn't an {@linkplain #outage outage}. */
  static StorageException newStorageException(Throwable thrown) {
    if (thrown instanceof StorageException unopenable) {
      return unopenable;
    }
    var line = firstLine(cause(thrown));
    return new StorageException(
        line.contains(UNSUPPORTED_PARAMETER) ? line + "; add pgbouncer=true to the URI" : line,
        thrown);
  }

  private static Throwable cause(Throwable thrown) {
    return thrown instanceof Failure && thrown.getCause() != null ? thrown.getCause() : thrown;
  }

  /** Returns the first line of the message of the server or the network. */
  static String firstLine(Throwable thrown) {
    var text = thrown instanceof PgException error ? error.getErrorMessage() : thrown.getMessage();
    return String.valueOf(text).lines().findFirst().orElse("no reason given");
  }

  /** Returns whether it is a serialization failure or a deadlock, which a retry may avoid. */
  static boolean isConflict(Throwable thrown) {
    return cause(thrown) instanceof PgException error
        && PgSqlState.isOfClass(PgSqlState.CONFLICT_CLASS, error);
  }

  /** Returns whether the server answered, with an error. */
  static boolean isFromServer(Throwable thrown) {
    return thrown instanceof PgException;
  }

  /** Returns whether no connection was free in time. */
  static boolean isPoolExhausted(Throwable thrown) {
    return thrown instanceof ConnectionPoolTooBusyException;
  }

  /** Returns the name of the violated constraint; empty for other errors. */
  static String constraint(Throwable thrown) {
    return thrown instanceof PgException error && error.getConstraint() != null
        ? error.getConstraint()
        : "";
  }
}
