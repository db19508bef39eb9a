package dev.doppel.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock in UTC that stands still until it is advanced. Thread-safe. */
public final class TestClock extends Clock {

  /** The time at which every test starts. */
  public static final Instant START = Instant.parse("2026-03-04T05:06:07.891Z");

  private volatile Instant now = START;

  public void advance(Duration by) {
    now = now.plus(by);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("only UTC is supported");
  }
}
