package dev.doppel.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PgFailuresTest {

  private static PgException error(String state, String message) {
    return new PgException(message, "ERROR", state, "");
  }

  /**
   * The reason that a client gets, whether a start waits for the error to pass, and whether it is
   * logged; for the SQLSTATEs of PostgreSQL 18's manual, appendix A, that can reach this program.
   */
  @ParameterizedTest
  @CsvSource({
    // state, reason, waited for, logged
    "08000, UNAVAILABLE, true, false", // connection exception
    "08003, UNAVAILABLE, true, false", // connection doesn't exist
    "08006, UNAVAILABLE, true, false", // connection failure
    "08P01, UNAVAILABLE, true, false", // protocol violation, and all errors of PgBouncer
    "0A000, UNAVAILABLE, false, true", // cached plan must not change result type
    "21000, INTERNAL, false, false", // cardinality violation
    "22001, INTERNAL, false, false", // text too long for its column
    "22003, INTERNAL, false, false", // number out of range
    "22021, INVALID_VALUE, false, false", // character not in repertoire
    "22P05, INVALID_VALUE, false, false", // untranslatable character
    "25006, UNAVAILABLE, true, true", // read-only transaction
    "25P02, UNAVAILABLE, false, true", // in a failed transaction
    "25P03, OVERLOADED, false, true", // idle in transaction for too long
    "25P04, OVERLOADED, false, true", // transaction too long
    "26000, UNAVAILABLE, false, true", // no such prepared statement
    "28000, UNAVAILABLE, false, true", // invalid authorization
    "28P01, UNAVAILABLE, false, true", // wrong password
    "3D000, UNAVAILABLE, false, true", // no such database
    "3F000, UNAVAILABLE, false, true", // no such schema
    "40001, OVERLOADED, true, false", // serialization failure
    "40P01, OVERLOADED, true, false", // deadlock
    "42501, UNAVAILABLE, false, true", // insufficient privilege
    "42703, UNAVAILABLE, false, true", // no such column
    "42883, UNAVAILABLE, false, true", // no such function
    "42P01, UNAVAILABLE, false, true", // no such table
    "42P05, UNAVAILABLE, false, true", // prepared statement is there already
    "53100, UNAVAILABLE, true, false", // disk full
    "53200, UNAVAILABLE, true, false", // out of memory
    "53300, OVERLOADED, true, false", // too many connections
    "54000, INVALID_VALUE, false, false", // longer than an index can hold
    "54001, UNAVAILABLE, false, false", // statement too complex
    "55000, UNAVAILABLE, true, false", // database that takes no connections
    "55P03, OVERLOADED, true, false", // lock_timeout
    "57014, TIMED_OUT, true, false", // statement_timeout
    "57P01, UNAVAILABLE, true, false", // admin shutdown
    "57P02, UNAVAILABLE, true, false", // crash shutdown
    "57P03, UNAVAILABLE, true, false", // starting up
    "58030, UNAVAILABLE, true, false", // I/O error
    "P0001, INTERNAL, false, false", // raised by a function
    "XX000, UNAVAILABLE, false, false", // internal error of the server
    "XX001, UNAVAILABLE, false, false", // data corrupted
  })
  void translate_choosesTheReasonBySqlState(
      String state, Reason reason, boolean waitedFor, boolean logged) {
    var thrown = PgFailures.translate(error(state, "words"));
    assertThat(thrown)
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(reason);
              assertThat(failure.subject().isPresent()).isEqualTo(reason == Reason.INVALID_VALUE);
            });
    assertThat(PgFailures.outage(thrown))
        .isEqualTo(waitedFor ? Optional.of("words") : Optional.empty());
    assertThat(PgFailures.logMessage(thrown).isPresent()).isEqualTo(logged);
  }

  @Test
  void translate_leavesViolatedConstraints() {
    var violated = error("23505", "duplicate key");
    assertThat(PgFailures.translate(violated)).isSameAs(violated);
    assertThat(PgFailures.outage(violated)).isEmpty();
  }

  @Test
  void outage_describesNetworkErrorsInOneLine() {
    assertThat(PgFailures.outage(new ConnectException("Connection refused: h/127.0.0.1:1")))
        .contains("connection refused");
    assertThat(PgFailures.outage(new UnknownHostException("h"))).contains("unknown host");
    assertThat(PgFailures.outage(new TimeoutException("no answer in 5000 ms")))
        .contains("no answer in time");
    assertThat(PgFailures.outage(new ConnectionPoolTooBusyException("x")))
        .contains("no answer in time");
    assertThat(PgFailures.outage(new IOException("reset\nby peer"))).contains("reset");
    assertThat(PgFailures.outage(new VertxException("closed", true))).contains("closed");
    assertThat(PgFailures.outage(Failure.of(Reason.OVERLOADED))).contains("overloaded");
    assertThat(PgFailures.outage(Failure.of(Reason.USER_EXISTS))).isEmpty();
    assertThat(PgFailures.outage(new IllegalStateException("a defect"))).isEmpty();
  }

  @Test
  void outage_isEmptyForTlsFailures() {
    assertThat(PgFailures.outage(new SSLHandshakeException("PKIX path building failed"))).isEmpty();
    for (var thrown :
        List.of(
            new Exception("Postgres Server does not handle SSL connection"),
            new VertxException(
                "SSL handshake failed", true))) { // as InitiateSslHandler throws them
      assertThat(PgFailures.outage(thrown)).as(thrown.getMessage()).isEmpty();
    }
  }

  @Test
  void outage_isIndependentOfHostNames() {
    assertThat(PgFailures.outage(new ConnectException("Connection refused: SSL/127.0.0.1:1")))
        .contains("connection refused");
  }

  @Test
  void outage_isEmptyForPermanentErrorsOfPgBouncer() {
    assertThat(PgFailures.outage(error("08P01", "server login has been failing"))).isPresent();
    for (var refusal :
        new String[] {
          "unsupported startup parameter: search_path", "no such database: d", "no such user: u"
        }) {
      assertThat(PgFailures.outage(error("08P01", refusal))).as(refusal).isEmpty();
    }
    assertThat(
            PgFailures.newStorageException(
                error("08P01", "unsupported startup parameter: search_path")))
        .hasMessage("unsupported startup parameter: search_path; add pgbouncer=true to the URI");
  }
}
