package dev.doppel.gateway.journal;

import dev.doppel.CallScope;
import dev.doppel.JournalEntry;
import java.time.Instant;
import java.util.Optional;

/**
 * Which calls of the journal are asked for; what is empty means any.
 *
 * @param status of HTTP, such as {@code 404}, or a class of them, such as {@code 4xx}
 * @param since when the first of them was answered
 */
public record JournalFilter(CallScope scope, Optional<String> status, Optional<Instant> since) {

  public static final JournalFilter ALL =
      new JournalFilter(CallScope.ALL, Optional.empty(), Optional.empty());

  public JournalFilter with(CallScope other) {
    return new JournalFilter(other, status, since);
  }

  public JournalFilter withStatus(String wanted) {
    return new JournalFilter(scope, Optional.of(wanted), since);
  }

  public JournalFilter since(Instant instant) {
    return new JournalFilter(scope, status, Optional.of(instant));
  }

  /** Such as {@code influx PostUsers of alice, status 201}. */
  @Override
  public String toString() {
    return scope
        + status.map(wanted -> ", status " + wanted).orElse("")
        + since.map(instant -> ", since " + instant).orElse("");
  }

  public boolean has(JournalEntry entry) {
    return scope.has(entry.dialect(), entry.operation(), entry.path())
        && scope.hasUser(entry.caller(), entry.user())
        && (status.isEmpty() || hasStatus(entry.status()))
        && (since.isEmpty() || !entry.time().isBefore(since.get()));
  }

  private boolean hasStatus(int its) {
    var wanted = status.orElseThrow();
    return wanted.endsWith("xx")
        ? wanted.charAt(0) - '0' == its / 100
        : wanted.equals(Integer.toString(its));
  }
}
