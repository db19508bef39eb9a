package dev.doppel.gateway.journal;

import dev.doppel.CallScope;
import dev.doppel.JournalEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /** Returns the number of conditions; an operation with its dialect is one. */
  public int conditions() {
    return (int)
        Stream.of(
                scope.dialect().or(scope::operation),
                scope.user(),
                scope.path(),
                status,
                since,
                deviates)
            .filter(Optional::isPresent)
            .count();
  }

  /**
   * Returns a text for each condition that a call doesn't meet, such as {@code status differs: 422
   * instead of 201}.
   */
  public List<String> differences(JournalEntry entry) {
    var all = new ArrayList<String>();
    var operation =
        new CallScope(scope.dialect(), scope.operation(), Optional.empty(), Optional.empty());
    if (!operation.has(entry.dialect(), entry.operation(), entry.path())) {
      var actual = entry.operation().orElse("none");
      all.add(
          "operation differs: %s %s instead of %s".formatted(entry.dialect(), actual, operation));
    }
    if (!scope.hasUser(entry.caller(), entry.user())) {
      var actual =
          Stream.of(entry.user(), entry.caller())
              .flatMap(Optional::stream)
              .distinct()
              .collect(Collectors.joining(", "));
      all.add(
          "user differs: %s instead of %s"
              .formatted(actual.isEmpty() ? "none" : actual, scope.user().orElseThrow()));
    }
    var path = new CallScope(Optional.empty(), Optional.empty(), Optional.empty(), scope.path());
    if (!path.has(entry.dialect(), entry.operation(), entry.path())) {
      all.add("path differs: %s instead of %s".formatted(entry.path(), scope.path().orElseThrow()));
    }
    if (!hasStatus(entry)) {
      all.add("status differs: %s instead of %s".formatted(entry.status(), status.orElseThrow()));
    }
    if (!hasTime(entry)) {
      all.add("time differs: %s is before %s".formatted(entry.time(), since.orElseThrow()));
    }
    if (!hasDeviations(entry)) {
      all.add(deviates.orElseThrow() ? "doesn't deviate" : "deviates");
    }
    return all;
  }

  /** Returns whether a call matches. */
  public boolean has(JournalEntry entry) {
    return scope.has(entry.dialect(), entry.operation(), entry.path())
        && scope.hasUser(entry.caller(), entry.user())
        && hasStatus(entry)
        && hasTime(entry)
        && hasDeviations(entry);
  }

  private boolean hasDeviations(JournalEntry entry) {
    return deviates.isEmpty() || deviates.get() != entry.deviates().isEmpty();
  }

  private boolean hasTime(JournalEntry entry) {
    return since.isEmpty() || !entry.time().isBefore(since.get());
  }

  private boolean hasStatus(JournalEntry entry) {
    if (status.isEmpty()) {
      return true;
    }
    var wanted = status.get();
    return wanted.endsWith("xx")
        ? wanted.charAt(0) - '0' == entry.status() / 100
        : wanted.equals(Integer.toString(entry.status()));
  }
}
