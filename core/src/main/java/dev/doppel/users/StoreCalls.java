package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times the calls of one kind to a storage. Thread-safe and without locks; measuring a
 * call costs less than a microsecond.
 */
public final class StoreCalls {

  /**
   * The reasons of failures of the storage itself; all others are answers, such as no such user.
   */
  public static final List<Reason> FAILURES =
      List.of(Reason.UNAVAILABLE, Reason.OVERLOADED, Reason.TIMED_OUT);

  private final String kind;
  private final LongAdder started = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final Map<Reason, LongAdder> failures = new EnumMap<>(Reason.class);

  /**
   * Creates counts that are all 0.
   *
   * @param kind what the calls do, in one lowercase word
   */
  public StoreCalls(String kind) {
    this.kind = kind;
    FAILURES.forEach(reason -> failures.put(reason, new LongAdder()));
  }

  /** Makes a call, and counts it and its time until the future completes. */
  public <T> Future<T> measure(Supplier<Future<T>> call) {
    var begin = System.nanoTime();
    started.increment();
    try {
      return call.get().onComplete(done -> end(begin, done.cause()));
    } catch (RuntimeException | Error thrown) {
      end(begin, thrown);
      throw thrown;
    }
  }

  private void end(long begin, @Nullable Throwable thrown) {
    nanos.add(System.nanoTime() - begin);
    ended.increment();
    if (thrown instanceof Failure failure) {
      var count = failures.get(failure.reason());
      if (count != null) {
        count.increment();
      }
    }
  }

  public String kind() {
    return kind;
  }

  /** Returns the number of calls that have not completed yet. */
  public long active() {
    var completed = ended.sum(); // first, so that the difference is never negative
    return started.sum() - completed;
  }

  /** Returns the number of calls that have completed, failed ones included. */
  public long completed() {
    return ended.sum();
  }

  /** Returns the time that all completed calls took together. */
  public double seconds() {
    return nanos.sum() / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /**
   * Returns the number of calls that failed for a reason.
   *
   * @param reason one of {@link #FAILURES}; 0 for any other
   */
  public long failed(Reason reason) {
    var count = failures.get(reason);
    return count == null ? 0 : count.sum();
  }
}
