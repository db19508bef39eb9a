package dev.doppel.influx;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.doppel.users.Organization;
import dev.doppel.users.Secrets;
import dev.doppel.wire.go.GoTime;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A bucket without data. Immutable.
 *
 * @param id 16 lower-case hex digits
 * @param everySeconds retention in seconds; 0 is for ever
 * @param shardGroupSeconds length of a shard group in seconds
 * @param createdAt in the vendor's form
 * @param updatedAt in the vendor's form
 * @param labelIDs ids of its labels
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

  /**
   * Returns the two buckets that every organization has. They never change, so they are not stored.
   */
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

  /**
   * Returns the same id for the same organization and name; it looks as random as those of other
   * buckets.
   */
  private static long derivedId(Organization org, String name) {
    var seed = new SplittableRandom(org.id().value() ^ name.hashCode());
    return InfluxId.random(new Secrets(bytes -> ByteBuffer.wrap(bytes).putLong(seed.nextLong())));
  }

  InfluxBucket withLabels(List<String> labelIDs) {
    return new InfluxBucket(
        id, name, description, rp, everySeconds, shardGroupSeconds, createdAt, updatedAt, labelIDs);
  }

  /**
   * Returns the length of a shard group: the wanted one, at least an hour, or the default for the
   * retention.
   */
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
