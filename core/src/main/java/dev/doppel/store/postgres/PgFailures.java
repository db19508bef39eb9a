package dev.doppel.store.postgres;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;

/** What the server, the client and the network say, in our words. */
final class PgFailures {

  /** The class of integrity constraint violations. */
  private static final String CONSTRAINT = "23";

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
      return said.getSqlState().startsWith(CONSTRAINT)
          ? said
          : Failure.of(reason(said.getSqlState()), said);
    }
    if (thrown instanceof Failure || thrown instanceof WorkException) {
      return thrown;
    }
    if (thrown instanceof IllegalArgumentException || thrown instanceof IllegalStateException) {
      return thrown; // what a change threw
    }
    return Failure.of(noTurn(thrown) ? Reason.OVERLOADED : Reason.UNAVAILABLE, thrown);
  }

  /** By the class of the state, or all of it (PostgreSQL's manual, appendix A). */
  private static Reason reason(String state) {
    return switch (state) {
      case "53300" -> Reason.OVERLOADED; // too many connections
      case "54000" -> Reason.INVALID_VALUE; // longer than an index can hold
      case "57014" -> Reason.TIMED_OUT; // statement_timeout
      case "25006" -> Reason.UNAVAILABLE; // read-only, as a standby is
      case "55000" -> Reason.UNAVAILABLE; // a database that takes no connections
      case "55P03" -> Reason.OVERLOADED; // lock_timeout
      default ->
          switch (state.substring(0, 2)) {
            // connection; authorization; no such database; resources; operator; system; its defects
            case "08", "28", "3D", "53", "57", "58", "XX" -> Reason.UNAVAILABLE;
            case "40" -> Reason.OVERLOADED;
            default -> Reason.INTERNAL;
          };
    };
  }

  /** Serialization failures and deadlocks. */
  static boolean worthAnotherTry(Throwable thrown) {
    var cause = thrown instanceof Failure ? thrown.getCause() : thrown;
    return cause instanceof PgException said && said.getSqlState().startsWith("40");
  }

  static boolean saidByServer(Throwable thrown) {
    return thrown instanceof PgException;
  }

  /** Whether no connection was free in time. */
  static boolean noTurn(Throwable thrown) {
    return thrown instanceof ConnectionPoolTooBusyException
        || (thrown instanceof VertxException
            && String.valueOf(thrown.getMessage()).startsWith("Timeout waiting for connection"));
  }

  /** The name of the constraint that was broken; empty if it was something else. */
  static String constraint(Throwable thrown) {
    return thrown instanceof PgException said && said.getConstraint() != null
        ? said.getConstraint()
        : "";
  }
}
