package dev.doppel.influx;

import dev.doppel.users.Failure.Reason;
import java.util.Optional;

/**
 * How long a bucket keeps data, and the length of its shard groups, in nanoseconds: the server
 * counts in 64 bits, which overflow (2.9.1: v1/services/meta/data.go, storage/engine.go).
 *
 * @param every zero is for ever
 * @param shardGroup zero is the server's choice
 */
record InfluxRetention(long every, long shardGroup) {

  private static final long SECOND = 1_000_000_000;
  private static final long HOUR = 3_600 * SECOND;
  private static final long DAY = 24 * HOUR;
  private static final long HALF_A_YEAR = 180 * DAY;
  private static final long WEEK = 7 * DAY;

  static InfluxRetention ofSeconds(long every, long shardGroup) {
    return new InfluxRetention(every * SECOND, shardGroup * SECOND);
  }

  static InfluxRetention of(InfluxBucket bucket) {
    return ofSeconds(bucket.everySeconds(), bucket.shardGroupSeconds());
  }

  long everySeconds() {
    return seconds(every);
  }

  long shardGroupSeconds() {
    return seconds(shardGroup);
  }

  /** Rounds half away from zero, as Go does. */
  private static long seconds(long nanos) {
    var whole = nanos / SECOND;
    var rest = nanos % SECOND;
    return Math.abs(rest) * 2 < SECOND ? whole : whole + Long.signum(rest);
  }

  /** Returns this with the length of shard groups that the server uses: an hour at least. */
  InfluxRetention normalized() {
    return new InfluxRetention(
        every, shardGroup == 0 ? standard() : shardGroup < HOUR ? HOUR : shardGroup);
  }

  /** Returns the length of shard groups if none is given. */
  private long standard() {
    if (every >= HALF_A_YEAR || every == 0) {
      return WEEK;
    }
    return every >= 2 * DAY ? DAY : HOUR;
  }

  /** Checks the retention of a new bucket, which is normalized. Throws if it is refused. */
  void check() {
    checkEvery(every);
    if (every > 0 && every < shardGroup) {
      throw InfluxErrors.SHARD_GROUP_TOO_LONG.newException(Reason.INVALID_VALUE);
    }
  }

  private static void checkEvery(long every) {
    if (every < HOUR && every != 0) {
      throw InfluxErrors.RETENTION_TOO_SHORT.newException(Reason.INVALID_VALUE);
    }
  }

  /**
   * Returns this with the values given; others stay. Throws if the change is refused. The length of
   * shard groups stays as it was given, even if the server uses another.
   *
   * @param everySeconds not negative
   * @param shardGroupSeconds not negative
   */
  InfluxRetention updated(Optional<Long> everySeconds, Optional<Long> shardGroupSeconds) {
    var given =
        ofSeconds(
            everySeconds.orElseGet(this::everySeconds),
            shardGroupSeconds.orElseGet(this::shardGroupSeconds));
    if (everySeconds.isPresent()) {
      checkEvery(given.every);
    }
    var group = shardGroupSeconds.isPresent() ? given.shardGroup : normalized().shardGroup;
    if ((everySeconds.isPresent() || shardGroupSeconds.isPresent())
        && given.every > 0
        && given.every < group) {
      throw InfluxErrors.SHARD_GROUP_NOT_UPDATED.newException(Reason.INVALID_VALUE);
    }
    return given;
  }
}
