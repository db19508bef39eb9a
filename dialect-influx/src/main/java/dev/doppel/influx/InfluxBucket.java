package dev.doppel.influx;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.doppel.users.Organization;
import dev.doppel.users.Secrets;
import dev.doppel.wire.go.GoTime;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A bucket, without anything in it.
 *
 * @param id 16 lower-case hex digits
 * @param everySeconds how long data would be kept; 0 for ever
 * @param createdAt in the vendor's form
 * @param labelIDs of the labels it bears
 */
record InfluxBucket(
    String id,
    String name,
    String description,
    String rp,
    long everySeconds,
    long shardGroupSeconds,
    String createdAt,
    String updatedAt,
    List<String> labelIDs) {

  private static final long HOUR = 3_600;
  private static final long DAY = 24 * HOUR;
  private static final String MONITORING = "_monitoring";
  private static final String TASKS = "_tasks";

  InfluxBucket {
    labelIDs = List.copyOf(labelIDs);
  }

  /** The two that every organization has; kept nowhere, for they never change. */
  static List<InfluxBucket> systemBuckets(Organization org) {
    return List.of(
        systemBucket(org, MONITORING, "System bucket for monitoring logs", 7 * DAY),
        systemBucket(org, TASKS, "System bucket for task logs", 3 * DAY));
  }

  private static InfluxBucket systemBucket(
      Organization org, String name, String description, long everySeconds) {
    var created = GoTime.format(org.created());
    return new InfluxBucket(
        InfluxId.text(derivedId(org, name)),
        name,
        description,
        "",
        everySeconds,
        shardGroupSeconds(everySeconds, 0),
        created,
        created,
        List.of());
  }

  /** The same whenever it is asked for, and as random as other buckets' ids look. */
  private static long derivedId(Organization org, String name) {
    var seed = new SplittableRandom(org.id().value() ^ name.hashCode());
    return InfluxId.random(new Secrets(bytes -> ByteBuffer.wrap(bytes).putLong(seed.nextLong())));
  }

  InfluxBucket withLabels(List<String> labelIDs) {
    return new InfluxBucket(
        id, name, description, rp, everySeconds, shardGroupSeconds, createdAt, updatedAt, labelIDs);
  }

  /** How much data lies together: what was asked for, or what suits the retention. */
  static long shardGroupSeconds(long everySeconds, long wanted) {
    if (wanted > 0) {
      return Math.max(wanted, HOUR);
    }
    if (everySeconds == 0 || everySeconds >= 180 * DAY) {
      return 7 * DAY;
    }
    return everySeconds >= 2 * DAY ? DAY : HOUR;
  }

  @JsonIgnore
  boolean system() {
    return name.startsWith("_");
  }
}
