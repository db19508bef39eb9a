package dev.doppel.store.postgres;

import static java.util.Map.entry;

import dev.doppel.users.Failure.Reason;
import io.vertx.pgclient.PgException;
import java.util.Map;
import java.util.Optional;

/**
 * How an error of the server is treated, by its SQLSTATE (PostgreSQL's manual, appendix A).
 *
 * @param reason of the failure that a caller gets
 * @param subject of that failure
 * @param isTransient whether the same call may succeed soon
 * @param isLogged whether only the database administrator can fix it
 */
record PgSqlState(Reason reason, Optional<String> subject, boolean isTransient, boolean isLogged) {

  /** The class of integrity constraint violations. */
  static final String CONSTRAINT_CLASS = "23";

  /** The class of serialization failures and deadlocks. */
  static final String CONFLICT_CLASS = "40";

  /** The class of connection exceptions, and the class of all errors of PgBouncer. */
  static final String CONNECTION_CLASS = "08";

  /** A change in a read-only transaction. */
  static final String READ_ONLY = "25006";

  /** The subject where a text is longer than an index can hold. */
  static final String TEXT_TOO_LONG = "a text is too long to be found by";

  private static final PgSqlState UNKNOWN = permanent(Reason.INTERNAL);

  /** By state; or by class, the first two characters, for states that are not listed. */
  private static final Map<String, PgSqlState> TREATMENTS =
      Map.ofEntries(
          entry(CONNECTION_CLASS, passing(Reason.UNAVAILABLE)),
          entry("0A", logged(Reason.UNAVAILABLE)), // a plan from before a migration
          entry("22021", invalid("a character that the database can't keep")),
          entry("22P05", invalid("a character that the database can't keep")),
          entry("25", logged(Reason.UNAVAILABLE)), // state of the transaction
          entry(READ_ONLY, passing(Reason.UNAVAILABLE).alsoLogged()),
          entry("25P03", logged(Reason.OVERLOADED)), // a transaction was idle for too long
          entry("25P04", logged(Reason.OVERLOADED)), // a transaction took too long
          entry("26", logged(Reason.UNAVAILABLE)), // a prepared statement, behind a pooler
          entry("28", logged(Reason.UNAVAILABLE)), // authorization
          entry("3D", logged(Reason.UNAVAILABLE)), // no such database
          entry("3F", logged(Reason.UNAVAILABLE)), // no such schema
          entry(CONFLICT_CLASS, passing(Reason.OVERLOADED)),
          entry("42", logged(Reason.UNAVAILABLE)), // a right, a table or a function is missing
          entry("53", passing(Reason.UNAVAILABLE)), // resources
          entry("53300", passing(Reason.OVERLOADED)), // too many connections
          entry("54", permanent(Reason.UNAVAILABLE)), // limits of the program
          entry("54000", invalid(TEXT_TOO_LONG)),
          entry("55", passing(Reason.UNAVAILABLE)), // not in a state to do it
          entry("55P03", passing(Reason.OVERLOADED)), // lock_timeout
          entry("57", passing(Reason.UNAVAILABLE)), // intervention of the operator
          entry("57014", passing(Reason.TIMED_OUT)), // statement_timeout
          entry("58", passing(Reason.UNAVAILABLE)), // system error
          entry("F0", permanent(Reason.UNAVAILABLE)), // configuration file
          entry("XX", permanent(Reason.UNAVAILABLE))); // defect of the server

  private static PgSqlState permanent(Reason reason) {
    return new PgSqlState(reason, Optional.empty(), false, false);
  }

  private static PgSqlState passing(Reason reason) {
    return new PgSqlState(reason, Optional.empty(), true, false);
  }

  private static PgSqlState logged(Reason reason) {
    return permanent(reason).alsoLogged();
  }

  private static PgSqlState invalid(String subject) {
    return new PgSqlState(Reason.INVALID_VALUE, Optional.of(subject), false, false);
  }

  private PgSqlState alsoLogged() {
    return new PgSqlState(reason, subject, isTransient, true);
  }

  /** Returns how an error is treated. */
  static PgSqlState of(PgException error) {
    var byState = Optional.ofNullable(TREATMENTS.get(error.getSqlState()));
    return byState.orElseGet(() -> TREATMENTS.getOrDefault(classOf(error), UNKNOWN));
  }

  /** Returns whether an error is of a class. */
  static boolean isOfClass(String sqlClass, PgException error) {
    return classOf(error).equals(sqlClass);
  }

  private static String classOf(PgException error) {
    return error.getSqlState().substring(0, 2);
  }
}
