package dev.doppel.gateway;

import dev.doppel.dialect.Served;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The latest calls of a realm and their answers, secrets masked. Old ones make room for new ones:
 * it holds so many calls and so many bytes at most. For several threads.
 */
final class Journal {

  /**
   * How much is kept.
   *
   * @param calls 0 keeps nothing and costs nothing
   * @param bytes about what they take in memory
   */
  record Limits(int calls, long bytes) {}

  private record Kept(JournalEntry entry, long bytes) {}

  private final Clock clock;
  private final Limits limits;
  private final SecretNames names = new SecretNames();
  private final ArrayDeque<Kept> entries = new ArrayDeque<>();
  private final List<Consumer<JournalEntry>> listeners = new CopyOnWriteArrayList<>();
  private long last;
  private long bytes;

  Journal(Clock clock, Limits limits) {
    this.clock = clock;
    this.limits = limits;
  }

  boolean on() {
    return limits.calls() > 0;
  }

  void note(Served served) {
    var call = served.call();
    var masked = Masking.mask(served, names);
    var fault =
        served.fault().isPresent()
            ? OptionalLong.of(served.fault().get().id())
            : OptionalLong.empty();
    JournalEntry entry;
    synchronized (this) {
      entry =
          new JournalEntry(
              ++last,
              clock.instant(),
              call.dialect().name(),
              call.dialect().fidelity(),
              call.operationName(),
              served.caller(),
              served.subject(),
              served.method(),
              masked.uri(),
              served.status(),
              served.reason(),
              served.took(),
              fault,
              masked.request(),
              masked.response());
      var kept = new Kept(entry, entry.bytes());
      entries.addLast(kept);
      bytes += kept.bytes();
      while (entries.size() > limits.calls() || bytes > limits.bytes()) {
        bytes -= entries.removeFirst().bytes();
      }
    }
    listeners.forEach(listener -> listener.accept(entry));
  }

  /** In the order in which they were answered. */
  synchronized List<JournalEntry> entries(JournalFilter filter) {
    return entries.stream().map(Kept::entry).filter(filter::has).toList();
  }

  synchronized long count(JournalFilter filter) {
    return entries.stream().map(Kept::entry).filter(filter::has).count();
  }

  /** The number of the oldest call that is kept; empty if none is. */
  synchronized Optional<Long> oldest() {
    return Optional.ofNullable(entries.peekFirst()).map(kept -> kept.entry().id());
  }

  /** Forgets all; how many they were. */
  synchronized int clear() {
    var cleared = entries.size();
    entries.clear();
    bytes = 0;
    return cleared;
  }

  /**
   * Hears of every call from now on, on any thread, and must not wait.
   *
   * @return ends it
   */
  Runnable listen(Consumer<JournalEntry> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  int listeners() {
    return listeners.size();
  }
}
