package dev.doppel.store.postgres;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.KeyLength;
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

/** What the server, the client and the network say, in our words. */
final class PgFailures {

  /** The class of integrity constraint violations. */
  private static final String CONSTRAINT = "23";

  /** Not what this program made there; no such database; its defects. */
  private static final Set<String> COMPLAINTS = Set.of("42", "3F", "26", "0A", "25", "28", "3D");

  private static final Set<Reason> WAITED_FOR =
      EnumSet.of(Reason.UNAVAILABLE, Reason.OVERLOADED, Reason.TIMED_OUT);

  /** What PgBouncer refuses for good; it has one state for all that it says. */
  private static final List<String> POOLER_REFUSALS =
      List.of("unsupported startup parameter", "no such database", "no such user");

  private PgFailures() {}

  /** An exception of the work of a change, which says nothing about the server. */
  private static final class WorkException extends RuntimeException {

    final Throwable thrown;

    WorkException(Throwable thrown) {
      super(null, thrown, false, false);
      this.thrown = thrown;
    }
  }

  /**
   * For {@link Future#recover} of the work of a change: wraps an exception of its own, so that
   * {@link #of} doesn't take it for one of the client.
   */
  static <T> Future<T> wrap(Throwable thrown) {
    return Future.failedFuture(
        thrown instanceof Failure || thrown instanceof PgException
            ? thrown
            : new WorkException(thrown));
  }

  /** For {@link Future#recover} of the change itself: unwraps what {@link #wrap} wrapped. */
  static <T> Future<T> unwrap(Throwable thrown) {
    return Future.failedFuture(thrown instanceof WorkException work ? work.thrown : thrown);
  }

  /** A broken constraint and a failure stay as they are. */
  static Throwable of(Throwable thrown) {
    if (thrown instanceof PgException said) {
      return said.getSqlState().startsWith(CONSTRAINT) ? said : failure(said);
    }
    if (thrown instanceof Failure || thrown instanceof WorkException) {
      return thrown;
    }
    if (thrown instanceof IllegalArgumentException || thrown instanceof IllegalStateException) {
      return thrown; // what a change threw
    }
    return Failure.of(noTurn(thrown) ? Reason.OVERLOADED : Reason.UNAVAILABLE, thrown);
  }

  private static Failure failure(PgException said) {
    return switch (said.getSqlState()) {
      case "54000" -> Failure.of(Reason.INVALID_VALUE, KeyLength.TOO_LONG, said);
      case "22021", "22P05" ->
          Failure.of(Reason.INVALID_VALUE, "a character that the database can't keep", said);
      default -> Failure.of(reason(said.getSqlState()), said);
    };
  }

  /** By the class of the state, or all of it (PostgreSQL's manual, appendix A). */
  private static Reason reason(String state) {
    return switch (state) {
      case "53300" -> Reason.OVERLOADED; // too many connections
      case "57014" -> Reason.TIMED_OUT; // statement_timeout
      case "25P03", "25P04" -> Reason.OVERLOADED; // a transaction that took too long
      case "55P03" -> Reason.OVERLOADED; // lock_timeout
      default ->
          switch (state.substring(0, 2)) {
            // connection; authorization; no such database; resources; limits; not in a state to do
            // it; operator; system; its defects
            case "08", "28", "3D", "53", "54", "55", "57", "58", "F0", "XX" -> Reason.UNAVAILABLE;
            // Not what this program made there: a right is missing, a table, a function, a schema,
            // a
            // prepared statement (behind a pooler); a plan is of before a migration; read-only.
            case "42", "3F", "26", "0A", "25" -> Reason.UNAVAILABLE;
            case "40" -> Reason.OVERLOADED;
            default -> Reason.INTERNAL;
          };
    };
  }

  /** Returns what to log: errors that end when somebody changes the server or its settings. */
  static Optional<String> complaint(Throwable thrown) {
    var cause = cause(thrown);
    if (cause instanceof PgServers.ReadOnlyException) {
      return Optional.of(line(cause));
    }
    return cause instanceof PgException said && COMPLAINTS.contains(classOf(said))
        ? Optional.of("%s (%s)".formatted(line(said), said.getSqlState()))
        : Optional.empty();
  }

  private static String classOf(PgException said) {
    return said.getSqlState().substring(0, 2);
  }

  /** Whether a session refused a change since it is read-only, as all of a standby's are. */
  static boolean readOnly(Throwable thrown) {
    var cause = cause(thrown);
    return cause instanceof PgServers.ReadOnlyException
        || (cause instanceof PgException said && said.getSqlState().equals("25006"));
  }

  /**
   * Returns why the server can't be used, if the same call may succeed soon; empty if waiting would
   * change nothing.
   */
  static Optional<String> outage(Throwable thrown) {
    var cause = cause(thrown);
    if (cause instanceof PgException said) {
      return passes(said) ? Optional.of(line(said)) : Optional.empty();
    }
    if (cause instanceof PgServers.NoServerException none) {
      return none.passing() ? Optional.of(line(none)) : Optional.empty();
    }
    if (cause instanceof PgServers.ReadOnlyException) {
      return Optional.of(line(cause));
    }
    if (cause instanceof UnknownHostException) {
      return Optional.of("unknown host");
    }
    if (cause instanceof SSLException || String.valueOf(cause.getMessage()).contains("SSL")) {
      return Optional.empty();
    }
    if (cause instanceof TimeoutException || noTurn(cause)) {
      return Optional.of("no answer in time");
    }
    if (cause instanceof Failure failure) {
      return WAITED_FOR.contains(failure.reason())
          ? Optional.of(failure.reason().name().toLowerCase(Locale.ROOT).replace('_', ' '))
          : Optional.empty();
    }
    if (cause instanceof ConnectException && line(cause).startsWith("Connection refused")) {
      return Optional.of("connection refused");
    }
    return cause instanceof IOException || cause instanceof VertxException
        ? Optional.of(line(cause))
        : Optional.empty();
  }

  private static boolean passes(PgException said) {
    return switch (classOf(said)) {
      case "08" -> POOLER_REFUSALS.stream().noneMatch(line(said)::contains);
      case "25" -> said.getSqlState().equals("25006");
      case "40", "53", "55", "57", "58" -> true;
      default -> false;
    };
  }

  /** For what is thrown at opening and doesn't pass. */
  static StorageException unopenable(Throwable thrown) {
    if (thrown instanceof StorageException unopenable) {
      return unopenable;
    }
    var line = line(cause(thrown));
    return new StorageException(
        line.contains(POOLER_REFUSALS.get(0)) ? line + "; add pgbouncer=true to the URI" : line,
        thrown);
  }

  private static Throwable cause(Throwable thrown) {
    return thrown instanceof Failure && thrown.getCause() != null ? thrown.getCause() : thrown;
  }

  /** The first line of what the server or the network said. */
  static String line(Throwable thrown) {
    var text = thrown instanceof PgException said ? said.getErrorMessage() : thrown.getMessage();
    return String.valueOf(text).lines().findFirst().orElse("no reason given");
  }

  /** Serialization failures and deadlocks. */
  static boolean worthAnotherTry(Throwable thrown) {
    return cause(thrown) instanceof PgException said && said.getSqlState().startsWith("40");
  }

  static boolean saidByServer(Throwable thrown) {
    return thrown instanceof PgException;
  }

  /** Whether no connection was free in time. */
  static boolean noTurn(Throwable thrown) {
    return thrown instanceof ConnectionPoolTooBusyException;
  }

  /** The name of the constraint that was broken; empty if it was something else. */
  static String constraint(Throwable thrown) {
    return thrown instanceof PgException said && said.getConstraint() != null
        ? said.getConstraint()
        : "";
  }
}
