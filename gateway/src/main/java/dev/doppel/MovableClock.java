package dev.doppel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The clock of a realm: the machine's clock plus an offset that tests can change. It runs at the
 * machine's speed. Thread-safe.
 */
public final class MovableClock extends Clock {

  private final Clock machine;
  private volatile Duration offset = Duration.ZERO;

  /** Creates a clock without an offset. */
  public MovableClock(Clock machine) {
    this.machine = machine;
  }

  /**
   * Moves the clock forward, or back if the duration is negative.
   *
   * @throws ArithmeticException if the offset gets too large
   */
  public synchronized void advance(Duration by) {
    offset = offset.plus(by);
  }

  /** Sets the clock to a time, from which it runs on. */
  public synchronized void set(Instant now) {
    offset = Duration.between(machine.instant(), now);
  }

  /** Sets the clock to the machine's time. */
  public void reset() {
    offset = Duration.ZERO;
  }

  /** Returns the machine's time, without the offset. */
  public Instant machine() {
    return machine.instant();
  }

  @Override
  public Instant instant() {
    return machine.instant().plus(offset);
  }

  @Override
  public long millis() {
    return machine.millis() + offset.toMillis();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /**
   * Returns a clock in another zone with the present offset; later changes of this clock don't
   * change it.
   */
  @Override
  public Clock withZone(ZoneId zone) {
    return zone.equals(getZone()) ? this : Clock.offset(machine.withZone(zone), offset);
  }
}
