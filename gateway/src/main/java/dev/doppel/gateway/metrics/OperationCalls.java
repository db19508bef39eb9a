package dev.doppel.gateway.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The calls of one operation: their number and time for each status, and a histogram of their
 * durations. Thread-safe; takes a lock only at the first call with a status, and allocates nothing
 * later.
 */
final class OperationCalls {

  /** Upper bounds of the buckets in seconds, inclusive; a last bucket has none. */
  static final double[] BOUNDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private static final long[] BOUNDS_NANOS = new long[BOUNDS.length];

  static {
    for (int i = 0; i < BOUNDS.length; i++) {
      BOUNDS_NANOS[i] = Math.round(BOUNDS[i] * TimeUnit.SECONDS.toNanos(1));
    }
  }

  /** The calls with one status. */
  record StatusCalls(int status, LongAdder calls, LongAdder nanos) {

    StatusCalls(int status) {
      this(status, new LongAdder(), new LongAdder());
    }
  }

  private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
  private volatile List<StatusCalls> statuses = List.of();

  OperationCalls() {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  void add(int status, long nanos) {
    var with = find(status);
    with.calls.increment();
    with.nanos.add(nanos);
    buckets[bucket(nanos)].increment();
  }

  private static int bucket(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  private StatusCalls find(int status) {
    var found = find(statuses, status);
    return found < 0 ? create(status) : statuses.get(found);
  }

  private static int find(List<StatusCalls> among, int status) {
    for (int i = 0; i < among.size(); i++) {
      if (among.get(i).status == status) {
        return i;
      }
    }
    return -1;
  }

  private synchronized StatusCalls create(int status) {
    var found = find(statuses, status);
    if (found >= 0) {
      return statuses.get(found);
    }
    var created = new StatusCalls(status);
    var more = new ArrayList<>(statuses);
    more.add(created);
    statuses = List.copyOf(more); // entries keep their index
    return created;
  }

  List<StatusCalls> statuses() {
    return statuses;
  }

  /** Returns the number of calls in each bucket, without those in the buckets before it. */
  long[] buckets() {
    var counts = new long[buckets.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buckets[i].sum();
    }
    return counts;
  }

  /** Returns the time that all calls took together. */
  double seconds() {
    long nanos = 0;
    for (var one : statuses) {
      nanos += one.nanos.sum();
    }
    return nanos / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
