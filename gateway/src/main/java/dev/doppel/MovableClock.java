package dev.doppel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The clock of everything in a gateway: the machine's, but for what tests have moved it by. It goes
 * on at the machine's pace.
 */
public final class MovableClock extends Clock {

  private final Clock machine;
  private volatile Duration ahead = Duration.ZERO;

  public MovableClock(Clock machine) {
    this.machine = machine;
  }

  /** Later than it was, or earlier if the duration is negative. */
  public synchronized void advance(Duration by) {
    ahead = ahead.plus(by);
  }

  /** As late or early as this. */
  public synchronized void set(Instant now) {
    ahead = Duration.between(machine.instant(), now);
  }

  /** Back to the machine's time. */
  public void reset() {
    ahead = Duration.ZERO;
  }

  /** Returns the machine's time, however this clock was moved. */
  public Instant machine() {
    return machine.instant();
  }

  @Override
  public Instant instant() {
    return machine.instant().plus(ahead);
  }

  @Override
  public long millis() {
    return machine.millis() + ahead.toMillis();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** Of no interest here: whoever asks for the time of day says the zone. */
  @Override
  public Clock withZone(ZoneId zone) {
    return zone.equals(getZone()) ? this : Clock.offset(machine.withZone(zone), ahead);
  }
}
