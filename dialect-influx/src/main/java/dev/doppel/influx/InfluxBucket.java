package dev.doppel.influx;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Secrets;
import dev.doppel.users.User;
import dev.doppel.wire.go.GoTime;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashSet;
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
 * @param userIDs our own ids, 16 hex digits, of the users to look up for its members and owners:
 *     what a user is of the bucket is stored with the user. Some of them may be deleted
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
    List<String> labelIDs,
    List<String> userIDs) {

  /** The maximum number of members and owners of a bucket; the server has no limit. */
  static final int MAX_USERS = 1_000;

  private static final long DAY = 24 * 3_600;
  private static final String MONITORING = "_monitoring";
  private static final String TASKS = "_tasks";

  /** Buckets of older stores have no users. */
  @SuppressWarnings("NullAway")
  InfluxBucket {
    labelIDs = List.copyOf(labelIDs);
    userIDs = userIDs == null ? List.of() : List.copyOf(userIDs);
  }

  /** Returns the two buckets that every organization has, unchanged. */
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
        InfluxRetention.ofSeconds(everySeconds, 0).normalized().shardGroupSeconds(),
        created,
        created,
        List.of(),
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
    return copy(labelIDs, userIDs);
  }

  private InfluxBucket copy(List<String> labelIDs, List<String> userIDs) {
    return new InfluxBucket(
        id,
        name,
        description,
        rp,
        everySeconds,
        shardGroupSeconds,
        createdAt,
        updatedAt,
        labelIDs,
        userIDs);
  }

  /** Returns this bucket with another member or owner. Throws if it has too many. */
  InfluxBucket withUser(User user) {
    var all = new LinkedHashSet<>(userIDs);
    all.add(user.id().toString());
    if (all.size() > MAX_USERS) {
      throw InfluxErrors.UNPROCESSABLE.newException(
          Reason.INVALID_VALUE, "a bucket can have " + MAX_USERS + " members and owners at most");
    }
    return copy(labelIDs, List.copyOf(all));
  }

  InfluxBucket withoutUsers(Collection<String> gone) {
    return copy(labelIDs, userIDs.stream().filter(id -> !gone.contains(id)).toList());
  }

  @JsonIgnore
  boolean system() {
    return name.startsWith("_");
  }
}
