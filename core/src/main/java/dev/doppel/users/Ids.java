package dev.doppel.users;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Source of 64-bit ids that grow with time: 42 bits of milliseconds since 2017-04-09T00:00:00Z, 10
 * bits of node, 12 bits of sequence.
 *
 * <p>Strictly increasing within one source, also when the clock stands still, goes back, or more
 * than 4096 ids are drawn in one millisecond: the time part then runs ahead of the clock.
 */
public final class Ids {

  /** Where the 42 bits of milliseconds start. */
  public static final Instant EPOCH = Instant.parse("2017-04-09T00:00:00Z");

  private static final int SEQUENCE_BITS = 12;
  private static final int NODE_BITS = 10;

  /** How many nodes can draw ids side by side without ever drawing the same one. */
  public static final int NODES = 1 << NODE_BITS;

  private final Clock clock;
  private final long node;

  /** Milliseconds since the epoch and sequence of the last id, side by side. */
  private final AtomicLong last = new AtomicLong();

  /**
   * @param node 0 to 1023; two sources that feed one store should differ in it
   */
  public Ids(Clock clock, int node) {
    if (node < 0 || node >= NODES) {
      throw new IllegalArgumentException("node " + node + " is not within 0.." + (NODES - 1));
    }
    this.clock = clock;
    this.node = node;
  }

  /** A new id, greater than every one before it. */
  public long next() {
    var now = (clock.millis() - EPOCH.toEpochMilli()) << SEQUENCE_BITS;
    var drawn = last.updateAndGet(previous -> Math.max(previous + 1, now));
    var millis = drawn >>> SEQUENCE_BITS;
    var sequence = drawn & ((1L << SEQUENCE_BITS) - 1);
    return millis << (NODE_BITS + SEQUENCE_BITS) | node << SEQUENCE_BITS | sequence;
  }

  /** When an id was drawn, to the millisecond, if a source such as this one drew it. */
  public static Instant time(long id) {
    return EPOCH.plusMillis(id >>> (NODE_BITS + SEQUENCE_BITS));
  }
}
