package dev.doppel.influx;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.Secrets;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.wire.go.GoTime;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
 * @param mappings its members and owners
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
    List<Mapping> mappings) {

  /**
   * A member or an owner. Immutable.
   *
   * @param userID our own id of the user, 16 hex digits
   * @param created when the user was created, so that a later user with this id isn't meant
   */
  record Mapping(String userID, String created, Membership membership) {

    static Mapping of(User user, Membership membership) {
      return new Mapping(user.id().toString(), user.created().toString(), membership);
    }

    UserId user() {
      return UserId.parse(userID).orElseThrow();
    }

    boolean isOf(User user) {
      return user.id().toString().equals(userID) && user.created().toString().equals(created);
    }
  }

  private static final long DAY = 24 * 3_600;
  private static final String MONITORING = "_monitoring";
  private static final String TASKS = "_tasks";

  /** Buckets of older stores have no mappings. */
  @SuppressWarnings("NullAway")
  InfluxBucket {
    labelIDs = List.copyOf(labelIDs);
    mappings = mappings == null ? List.of() : List.copyOf(mappings);
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
    return copy(labelIDs, mappings);
  }

  private InfluxBucket copy(List<String> labelIDs, List<Mapping> mappings) {
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
        mappings);
  }

  /** Returns this bucket with another member or owner. Throws if the user is one already. */
  InfluxBucket withMapping(User user, Membership membership) {
    if (mappings.stream().anyMatch(mapping -> mapping.isOf(user))) {
      throw InfluxErrors.ALREADY_MAPPED.newException(Reason.INVALID_VALUE, InfluxId.of(user));
    }
    var all = new ArrayList<>(mappings);
    all.add(Mapping.of(user, membership));
    return copy(labelIDs, all);
  }

  InfluxBucket withoutMapping(User user) {
    return copy(labelIDs, mappings.stream().filter(mapping -> !mapping.isOf(user)).toList());
  }

  @JsonIgnore
  boolean system() {
    return name.startsWith("_");
  }
}
