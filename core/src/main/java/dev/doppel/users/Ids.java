package dev.doppel.users;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Generator of 64-bit ids that increase with time: 42 bits of milliseconds since
 * 2017-04-09T00:00:00Z, 10 bits of node, 12 bits of sequence. Thread-safe.
 *
 * <p>The ids of one generator are strictly increasing, even if the clock stops, goes back, or more
 * than 4096 ids are generated in a millisecond: the time part then runs ahead of the clock.
 */
public final class Ids {

  /** The time from which the 42 bits of milliseconds are counted. */
  public static final Instant EPOCH = Instant.parse("2017-04-09T00:00:00Z");

  private static final int SEQUENCE_BITS = 12;
  private static final int NODE_BITS = 10;

  /** The number of nodes that can generate ids at the same time without duplicates. */
  public static final int NODES = 1 << NODE_BITS;

  private final Clock clock;
  private final long node;

  /** The last id without its node: milliseconds since the epoch, then the sequence. */
  private final AtomicLong last = new AtomicLong();

  /**
   * Creates a generator.
   *
   * @param node 0 to 1023; different for each generator of a store
   * @throws IllegalArgumentException if the node is out of range
   */
  public Ids(Clock clock, int node) {
    if (node < 0 || node >= NODES) {
      throw new IllegalArgumentException("node " + node + " is not within 0.." + (NODES - 1));
    }
    this.clock = clock;
    this.node = node;
  }

  /** Returns a new id, greater than all before it. */
  public long next() {
    var now = (clock.millis() - EPOCH.toEpochMilli()) << SEQUENCE_BITS;
    var id = last.updateAndGet(previous -> Math.max(previous + 1, now));
    var millis = id >>> SEQUENCE_BITS;
    var sequence = id & ((1L << SEQUENCE_BITS) - 1);
    return millis << (NODE_BITS + SEQUENCE_BITS) | node << SEQUENCE_BITS | sequence;
  }

  /** Returns the time, in milliseconds, at which a generator returned the id. */
  public static Instant time(long id) {
    return EPOCH.plusMillis(id >>> (NODE_BITS + SEQUENCE_BITS));
  }
}
