package dev.doppel;

import dev.doppel.dialect.VendorOperation;
import dev.doppel.gateway.journal.Journal;
import dev.doppel.gateway.journal.JournalFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Calls that a realm has answered, narrowed down step by step, and what a test expects of them. A
 * call is noted before its answer goes out, so whoever has the answer finds it. Every value is one
 * of its own.
 */
public final class Calls {

  private static final int SHOWN = 20;
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final Journal journal;
  private final JournalFilter filter;
  private final Duration patience;

  private Calls(Journal journal, JournalFilter filter, Duration patience) {
    if (!journal.recordsCalls()) {
      throw new IllegalStateException("the journal is off; configure one, of 1000 calls say");
    }
    this.journal = journal;
    this.filter = filter;
    this.patience = patience;
  }

  static Calls of(Journal journal) {
    return new Calls(journal, JournalFilter.ALL, Duration.ZERO);
  }

  private Calls with(CallScope scope) {
    return new Calls(journal, filter.with(scope), patience);
  }

  /** Of this operation. */
  public Calls of(VendorOperation operation) {
    var scope = filter.scope();
    var of = CallScope.of(operation);
    return with(new CallScope(of.dialect(), of.operation(), scope.user(), scope.path()));
  }

  /** By this user, or about it. */
  public Calls withUser(String name) {
    return with(filter.scope().withUser(name));
  }

  /** Of this path; {@code *} stands for any characters. */
  public Calls withPath(String pattern) {
    return with(filter.scope().withPath(pattern));
  }

  /** Answered with this status of HTTP; 0 for no answer. */
  public Calls withStatus(int status) {
    return new Calls(journal, filter.withStatus(Integer.toString(status)), patience);
  }

  /** Answered at this time of the realm's clock or later. */
  public Calls since(Instant instant) {
    return new Calls(journal, filter.since(instant), patience);
  }

  /** Expectations may come true within this time. */
  public Calls within(Duration time) {
    return new Calls(journal, filter, time);
  }

  /** How many there were, of those that the journal still holds. */
  public long count() {
    return journal.count(filter);
  }

  /** In the order in which they were answered. */
  public List<JournalEntry> list() {
    return journal.entries(filter);
  }

  /** There was one, and no other. */
  public void once() {
    times(1);
  }

  /** There was none. */
  public void never() {
    times(0);
  }

  /** There were so many. */
  public void times(long expected) {
    expect(expected + (expected == 1 ? " call" : " calls"), expected, expected);
  }

  /** There were so many, or more. */
  public void atLeast(long expected) {
    expect("at least " + expected + (expected == 1 ? " call" : " calls"), expected, Long.MAX_VALUE);
  }

  private void expect(String expected, long least, long most) {
    var until = System.nanoTime() + patience.toNanos();
    var count = count();
    while (count < least && System.nanoTime() < until) {
      pause();
      count = count();
    }
    if (count < least || count > most) {
      throw new AssertionError(complaint(expected));
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private String complaint(String expected) {
    var found = list();
    var all = journal.entries(JournalFilter.ALL);
    return "expected %s: %s%s%s"
        .formatted(
            expected,
            filter,
            found.isEmpty()
                ? "\nbut there was none"
                : "\nbut there were " + found.size() + ":" + lines(found),
            found.isEmpty() && !all.isEmpty() ? "; the latest calls of all:" + lines(all) : "");
  }

  private static String lines(List<JournalEntry> entries) {
    return entries.stream()
        .skip(Math.max(0, entries.size() - SHOWN))
        .map(entry -> "\n  " + entry)
        .collect(Collectors.joining());
  }
}
