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
 */
public final class MovableClock extends Clock {

  private static final Instant EARLIEST = Instant.ofEpochMilli(Long.MIN_VALUE / 2);
  private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE / 2);

  private final Clock machine;
  private volatile Duration offset = Duration.ZERO;

  /** Creates a clock without an offset. */
  public MovableClock(Clock machine) {
    this.machine = machine;
  }

  /**
   * Moves the clock forward, or back if the duration is negative.
   *
   * @throws ArithmeticException if the offset gets too large; the clock stays
   * @throws DateTimeException if the time would not fit into milliseconds; the clock stays
   */
  public synchronized void advance(Duration by) {
    move(offset.plus(by));
  }

  /**
   * Sets the clock to a time, from which it runs on.
   *
   * @throws DateTimeException if the time doesn't fit into milliseconds; the clock stays
   */
  public synchronized void set(Instant now) {
    move(Duration.between(machine.instant(), now));
  }

  private void move(Duration wanted) {
    var time = machine.instant().plus(wanted);
    if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
      throw new DateTimeException("out of range: " + time);
    }
    offset = wanted;
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
