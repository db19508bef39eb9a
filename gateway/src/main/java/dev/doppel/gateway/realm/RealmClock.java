package dev.doppel.gateway.realm;

import dev.doppel.MovableClock;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** The clock of a realm in this process. Thread-safe. */
public final class RealmClock extends MovableClock {

  private static final Instant EARLIEST = Instant.ofEpochMilli(Long.MIN_VALUE / 2);
  private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE / 2);

  private final Clock machine;
  private volatile Duration offset = Duration.ZERO;

  /** Creates a clock without an offset. */
  RealmClock(Clock machine) {
    this.machine = machine;
  }

  @Override
  public synchronized void advance(Duration by) {
    try {
      move(offset.plus(by));
    } catch (ArithmeticException overflow) {
      throw new DateTimeException("out of range: by " + by, overflow);
    }
  }

  @Override
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
