package dev.doppel;

import dev.doppel.dialect.VendorOperation;
import dev.doppel.gateway.journal.JournalFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Calls in the journal of a realm, filtered step by step, and a test's expectations of their
 * number. A call is recorded before its response is sent, so a client that has the response finds
 * the call. Immutable: each filter returns a new value.
 *
 * <pre>{@code
 * doppel.calls(InfluxOperation.POST_USERS).withUser("ann").once();
 * }</pre>
 */
public final class Calls {

  private static final int MAX_SHOWN = 20;
  private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

  private final RealmAccess realm;
  private final JournalFilter filter;

  /** Further conditions on what the filter has a condition on already. */
  private final List<JournalFilter> further;

  private final Duration timeout;

  private Calls(
      RealmAccess realm, JournalFilter filter, List<JournalFilter> further, Duration timeout) {
    this.realm = realm;
    this.filter = filter;
    this.further = List.copyOf(further);
    this.timeout = timeout;
  }

  /**
   * @throws IllegalStateException if the journal is off
   */
  static Calls of(RealmAccess realm) {
    if (!realm.recordsCalls()) {
      throw new IllegalStateException("the journal is off; configure one, of 1000 calls say");
    }
    return new Calls(realm, JournalFilter.ALL, List.of(), Duration.ZERO);
  }

  /**
   * @param merged the filter with a condition added
   * @param one the condition alone, if the filter has one of its kind already
   */
  private Calls narrow(JournalFilter merged, Optional<JournalFilter> one) {
    if (one.isEmpty()) {
      return new Calls(realm, merged, further, timeout);
    }
    var all = new ArrayList<>(further);
    all.add(one.get());
    return new Calls(realm, filter, all, timeout);
  }

  private Calls narrow(CallScope merged, boolean has, CallScope one) {
    return narrow(
        filter.with(merged), has ? Optional.of(JournalFilter.ALL.with(one)) : Optional.empty());
  }

  /** Narrows the calls to those of an operation. */
  public Calls of(VendorOperation operation) {
    var scope = filter.scope();
    var of = CallScope.of(operation);
    return narrow(
        new CallScope(of.dialect(), of.operation(), scope.user(), scope.path()),
        scope.dialect().isPresent(),
        of);
  }

  /** Narrows the calls to those that a user made or that are about that user. */
  public Calls withUser(String name) {
    var scope = filter.scope();
    return narrow(scope.withUser(name), scope.user().isPresent(), CallScope.ALL.withUser(name));
  }

  /** Narrows the calls to those of a path; {@code *} matches any number of any characters. */
  public Calls withPath(String pattern) {
    var scope = filter.scope();
    return narrow(
        scope.withPath(pattern), scope.path().isPresent(), CallScope.ALL.withPath(pattern));
  }

  /** Narrows the calls to those with an HTTP status; 0 for calls without a response. */
  public Calls withStatus(int status) {
    var text = Integer.toString(status);
    return narrow(
        filter.withStatus(text), filter.status().map(other -> JournalFilter.ALL.withStatus(text)));
  }

  /** Narrows the calls to those answered at this time of the realm's clock or later. */
  public Calls since(Instant instant) {
    return narrow(
        filter.since(instant), filter.since().map(other -> JournalFilter.ALL.since(instant)));
  }

  /**
   * Narrows the calls to those in which the vendor's product would answer otherwise than its
   * documentation promises, and Doppel answered as documented. A test whose calls {@link #never}
   * deviate relies on no such promise.
   */
  public Calls deviating() {
    return narrow(filter.deviating(), Optional.empty());
  }

  /**
   * Returns the same calls with a timeout for expectations. {@link #atLeast} waits for missing
   * calls and succeeds as soon as they are there. The others have a maximum: they wait the whole
   * time, and fail as soon as there are more. The default doesn't wait.
   */
  public Calls within(Duration limit) {
    return new Calls(realm, filter, further, limit);
  }

  /** Returns the number of matching calls that are still in the journal. */
  public long count() {
    return further.isEmpty() ? realm.countCalls(filter) : list().size();
  }

  /** Returns the matching calls that are still in the journal, in the order of their responses. */
  public List<JournalEntry> list() {
    return realm.calls(filter).stream()
        .filter(entry -> further.stream().allMatch(one -> one.has(entry)))
        .toList();
  }

  /**
   * Expects exactly one call.
   *
   * @throws AssertionError as {@link #times}
   */
  public void once() {
    times(1);
  }

  /**
   * Expects no call.
   *
   * @throws AssertionError as {@link #times}
   */
  public void never() {
    times(0);
  }

  /**
   * Expects an exact number of calls.
   *
   * @throws AssertionError that lists the calls that were found instead, and says what differs in
   *     the nearest of the others
   */
  public void times(long expected) {
    expect(calls(expected), expected, expected);
  }

  /**
   * Expects a minimum number of calls.
   *
   * @throws AssertionError as {@link #times}
   */
  public void atLeast(long expected) {
    expect("at least " + calls(expected), expected, Long.MAX_VALUE);
  }

  /**
   * Expects a maximum number of calls.
   *
   * @throws AssertionError as {@link #times}
   */
  public void atMost(long expected) {
    expect("at most " + calls(expected), 0, expected);
  }

  private static String calls(long number) {
    return number + (number == 1 ? " call" : " calls");
  }

  private void expect(String expected, long min, long max) {
    var deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      var expired = System.nanoTime() - deadline >= 0; // before the calls that are counted
      var count = count();
      if (count > max || (expired && count < min)) {
        throw new AssertionError(failureMessage(expected, count < min));
      }
      if (expired || (count >= min && max == Long.MAX_VALUE)) {
        return;
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_INTERVAL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * @param missing whether there are too few calls
   */
  private String failureMessage(String expected, boolean missing) {
    var found = list();
    var all = realm.calls(JournalFilter.ALL);
    return "expected %s: %s%s%s%s"
        .formatted(
            expected,
            filter + further.stream().map(one -> ", and " + one).collect(Collectors.joining()),
            found.isEmpty()
                ? "\nbut there was none"
                : "\nbut there were " + found.size() + ":" + lines(found),
            found.isEmpty() && !all.isEmpty() ? "; the latest calls of all:" + lines(all) : "",
            missing ? nearest(all) : "");
  }

  /** Returns a line with the latest of the calls that meet most conditions, if it meets any. */
  private String nearest(List<JournalEntry> all) {
    int least = conditions().mapToInt(JournalFilter::conditions).sum();
    Optional<JournalEntry> nearest = Optional.empty();
    for (var entry : all) {
      var count = differences(entry).size();
      if (count > 0 && (count < least || (count == least && nearest.isPresent()))) {
        least = count;
        nearest = Optional.of(entry);
      }
    }
    return nearest
        .map(entry -> "\nnearest: " + entry + "; " + String.join("; ", differences(entry)))
        .orElse("");
  }

  private List<String> differences(JournalEntry entry) {
    return conditions().flatMap(one -> one.differences(entry).stream()).toList();
  }

  private Stream<JournalFilter> conditions() {
    return Stream.concat(Stream.of(filter), further.stream());
  }

  private static String lines(List<JournalEntry> entries) {
    return entries.stream()
        .skip(Math.max(0, entries.size() - MAX_SHOWN))
        .map(entry -> "\n  " + entry)
        .collect(Collectors.joining());
  }
}
