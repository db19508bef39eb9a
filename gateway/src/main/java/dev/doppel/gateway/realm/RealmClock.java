package dev.doppel.gateway.realm;

import dev.doppel.MovableClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The clock of a realm in this process. Thread-safe. */
public final class RealmClock extends MovableClock {

  private final Clock machine;
  private volatile Duration offset = Duration.ZERO;

  /** Creates a clock without an offset. */
  RealmClock(Clock machine) {
    this.machine = machine;
  }

  @Override
  public synchronized void advance(Duration by) {
    offset = offset.plus(by);
  }

  @Override
  public synchronized void set(Instant now) {
    offset = Duration.between(machine.instant(), now);
  }

  @Override
  public synchronized void reset() {
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
}
