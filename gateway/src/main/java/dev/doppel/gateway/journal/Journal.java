package dev.doppel.gateway.journal;

import dev.doppel.JournalEntry;
import dev.doppel.JournalEntry.Message;
import dev.doppel.dialect.Difference;
import dev.doppel.serve.CallInterceptor;
import dev.doppel.serve.CompletedCall;
import java.time.Clock;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The latest calls of a realm with their responses, secrets masked. It is limited in calls and
 * bytes: new calls replace the oldest. Thread-safe.
 */
public final class Journal implements CallInterceptor {

  private static final System.Logger LOG = System.getLogger(Journal.class.getName());

  /**
   * The maximum size of a journal.
   *
   * @param calls number of calls; 0 turns the journal off
   * @param bytes approximate size in memory
   */
  public record Limits(int calls, long bytes) {}

  private record SizedEntry(JournalEntry entry, long bytes) {}

  private final Clock clock;
  private final Limits limits;
  private final SecretNames names = new SecretNames();
  private final NavigableMap<Long, SizedEntry> entries = new TreeMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private long last;
  private long bytes;

  public Journal(Clock clock, Limits limits) {
    this.clock = clock;
    this.limits = limits;
  }

  @Override
  public boolean recordsCalls() {
    return limits.calls() > 0;
  }

  @Override
  public void onCompleted(CompletedCall completed) {
    try {
      record(completed);
    } catch (RuntimeException defect) { // The client must get its response nevertheless.
      LOG.log(System.Logger.Level.ERROR, "a call could not be recorded in the journal", defect);
    }
  }

  private void record(CompletedCall completed) {
    var call = completed.call();
    var masked = Masking.mask(completed, names);
    var fault =
        completed.fault().isPresent()
            ? OptionalLong.of(completed.fault().get().id())
            : OptionalLong.empty();
    var deviates = completed.deviates().stream().map(Difference::mark).toList();
    synchronized (this) {
      var entry =
          new JournalEntry(
              ++last,
              clock.instant(),
              call.dialectName(),
              call.fidelity(),
              call.operationName(),
              completed.address(),
              completed.caller(),
              completed.subject(),
              completed.method(),
              masked.uri(),
              completed.status(),
              completed.reason(),
              deviates,
              completed.took(),
              fault,
              masked.request(),
              masked.response());
      var sized = new SizedEntry(entry, bytes(entry));
      entries.put(entry.id(), sized);
      bytes += sized.bytes();
      while (entries.size() > limits.calls() || bytes > limits.bytes()) {
        bytes -= entries.pollFirstEntry().getValue().bytes();
      }
    }
    listeners.forEach(Runnable::run);
  }

  /** Returns the approximate size in memory, in bytes. */
  private static long bytes(JournalEntry entry) {
    return 512L + entry.uri().length() + bytes(entry.request()) + bytes(entry.response());
  }

  private static long bytes(Message message) {
    var bytes = (long) message.body().length();
    for (var header : message.headers()) {
      bytes += header.name().length() + header.value().length();
    }
    return bytes;
  }

  /** Returns matching calls in the order of their responses. */
  public synchronized List<JournalEntry> entries(JournalFilter filter) {
    return entries.values().stream().map(SizedEntry::entry).filter(filter::has).toList();
  }

  /** Returns the number of matching calls. */
  public synchronized long count(JournalFilter filter) {
    return entries.values().stream().map(SizedEntry::entry).filter(filter::has).count();
  }

  /** Returns the calls with a higher number than this, in order, at most {@code limit}. */
  public synchronized List<JournalEntry> after(long number, int limit) {
    return entries.tailMap(number, false).values().stream()
        .limit(limit)
        .map(SizedEntry::entry)
        .toList();
  }

  /** Returns the number of the latest call; 0 before the first. */
  public synchronized long latest() {
    return last;
  }

  /** Returns the number of the oldest stored call; empty if there is none. */
  public synchronized Optional<Long> oldest() {
    return entries.isEmpty() ? Optional.empty() : Optional.of(entries.firstKey());
  }

  /** Deletes all calls; returns their number. */
  public synchronized int clear() {
    var cleared = entries.size();
    entries.clear();
    bytes = 0;
    return cleared;
  }

  /**
   * Adds a listener that runs after each new call, on any thread; it must not block.
   *
   * @return a function that removes the listener
   */
  public Runnable listen(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Returns the number of listeners. */
  public int listeners() {
    return listeners.size();
  }
}
