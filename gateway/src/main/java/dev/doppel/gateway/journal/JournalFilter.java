package dev.doppel.gateway.journal;

import dev.doppel.CallScope;
import dev.doppel.JournalEntry;
import java.time.Instant;
import java.util.Optional;

/**
 * A filter of the journal. An empty component matches every call. Immutable.
 *
 * @param status HTTP status such as {@code 404}, a class such as {@code 4xx}, or {@code 0} for
 *     calls without a response
 * @param since earliest time of the response
 * @param deviates whether the response deviates from the product's
 */
public record JournalFilter(
    CallScope scope, Optional<String> status, Optional<Instant> since, Optional<Boolean> deviates) {

  /** Matches every call. */
  public static final JournalFilter ALL =
      new JournalFilter(CallScope.ALL, Optional.empty(), Optional.empty(), Optional.empty());

  public JournalFilter with(CallScope other) {
    return new JournalFilter(other, status, since, deviates);
  }

  public JournalFilter withStatus(String wanted) {
    return new JournalFilter(scope, Optional.of(wanted), since, deviates);
  }

  public JournalFilter since(Instant instant) {
    return new JournalFilter(scope, status, Optional.of(instant), deviates);
  }

  /** Returns this filter for responses that deviate from the product's. */
  public JournalFilter deviating() {
    return new JournalFilter(scope, status, since, Optional.of(true));
  }

  /** Returns a description such as {@code influx PostUsers of alice, status 201}. */
  @Override
  public String toString() {
    return scope
        + status.map(wanted -> ", status " + wanted).orElse("")
        + since.map(instant -> ", since " + instant).orElse("")
        + deviates.map(wanted -> wanted ? ", deviating" : ", not deviating").orElse("");
  }

  /** Returns whether a call matches. */
  public boolean has(JournalEntry entry) {
    return scope.has(entry.dialect(), entry.operation(), entry.path())
        && scope.hasUser(entry.caller(), entry.user())
        && (status.isEmpty() || hasStatus(entry.status()))
        && (since.isEmpty() || !entry.time().isBefore(since.get()))
        && (deviates.isEmpty() || deviates.get() != entry.deviates().isEmpty());
  }

  private boolean hasStatus(int actual) {
    var wanted = status.orElseThrow();
    return wanted.endsWith("xx")
        ? wanted.charAt(0) - '0' == actual / 100
        : wanted.equals(Integer.toString(actual));
  }
}
