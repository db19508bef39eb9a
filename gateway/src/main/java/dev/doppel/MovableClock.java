package dev.doppel;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The clock of a realm: the machine's clock plus an offset that tests can change. It runs at the
 * machine's speed. Thread-safe.
 *
 * <pre>{@code
 * doppel.clock().advance(Duration.ofHours(1));
 * }</pre>
 */
public abstract class MovableClock extends Clock {

  /** This clock in another zone. */
  private static final class Zoned extends Clock {
    private final Clock clock;
    private final ZoneId zone;

    Zoned(Clock clock, ZoneId zone) {
      this.clock = clock;
      this.zone = zone;
    }

    @Override
    public ZoneId getZone() {
      return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
      return clock.withZone(other);
    }

    @Override
    public Instant instant() {
      return clock.instant();
    }
  }

  /**
   * Moves the clock forward, or back if the duration is negative.
   *
   * @throws DateTimeException if the time would not fit into milliseconds; the clock stays
   */
  public abstract void advance(Duration by);

  /**
   * Sets the clock to a time, from which it runs on.
   *
   * @throws DateTimeException if the time doesn't fit into milliseconds; the clock stays
   */
  public abstract void set(Instant now);

  /** Sets the clock to the machine's time. */
  public abstract void reset();

  /** Returns UTC. */
  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** Returns this clock in another zone; it moves with this clock. */
  @Override
  public Clock withZone(ZoneId zone) {
    return zone.equals(getZone()) ? this : new Zoned(this, zone);
  }
}
