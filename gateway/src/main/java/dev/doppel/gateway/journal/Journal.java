package dev.doppel.gateway.journal;

import dev.doppel.JournalEntry;
import dev.doppel.dialect.CompletedCall;
import java.time.Clock;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The latest calls of a realm and their answers, secrets masked. Old ones make room for new ones:
 * it holds so many calls and so many bytes at most. For several threads.
 */
public final class Journal {

  /**
   * How much is kept.
   *
   * @param calls 0 keeps nothing and costs nothing
   * @param bytes about what they take in memory
   */
  public record Limits(int calls, long bytes) {}

  private record Kept(JournalEntry entry, long bytes) {}

  private final Clock clock;
  private final Limits limits;
  private final SecretNames names = new SecretNames();
  private final NavigableMap<Long, Kept> entries = new TreeMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private long last;
  private long bytes;

  public Journal(Clock clock, Limits limits) {
    this.clock = clock;
    this.limits = limits;
  }

  public boolean on() {
    return limits.calls() > 0;
  }

  public void note(CompletedCall served) {
    var call = served.call();
    var masked = Masking.mask(served, names);
    var fault =
        served.fault().isPresent()
            ? OptionalLong.of(served.fault().get().id())
            : OptionalLong.empty();
    synchronized (this) {
      var entry =
          new JournalEntry(
              ++last,
              clock.instant(),
              call.dialect().name(),
              call.dialect().fidelity(),
              call.operationName(),
              served.address(),
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
      entries.put(entry.id(), kept);
      bytes += kept.bytes();
      while (entries.size() > limits.calls() || bytes > limits.bytes()) {
        bytes -= entries.pollFirstEntry().getValue().bytes();
      }
    }
    listeners.forEach(Runnable::run);
  }

  /** In the order in which they were answered. */
  public synchronized List<JournalEntry> entries(JournalFilter filter) {
    return entries.values().stream().map(Kept::entry).filter(filter::has).toList();
  }

  public synchronized long count(JournalFilter filter) {
    return entries.values().stream().map(Kept::entry).filter(filter::has).count();
  }

  /** Those after the one with the number, in order. */
  public synchronized List<JournalEntry> after(long number, int limit) {
    return entries.tailMap(number, false).values().stream().limit(limit).map(Kept::entry).toList();
  }

  /** The number of the latest call; 0 before the first. */
  public synchronized long latest() {
    return last;
  }

  /** The number of the oldest call that is kept; empty if none is. */
  public synchronized Optional<Long> oldest() {
    return entries.isEmpty() ? Optional.empty() : Optional.of(entries.firstKey());
  }

  /** Forgets all; how many they were. */
  public synchronized int clear() {
    var cleared = entries.size();
    entries.clear();
    bytes = 0;
    return cleared;
  }

  /**
   * Is told whenever there are more calls, on any thread, and must not wait.
   *
   * @return ends it
   */
  public Runnable listen(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  public int listeners() {
    return listeners.size();
  }
}
