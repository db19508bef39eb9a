package dev.doppel.influx;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.doppel.users.Extras;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a user that only InfluxDB has. Immutable.
 *
 * @param oauthID undocumented; stored as it was given when the user was created
 * @param oddStatus a status that is neither active nor inactive, which the server stores unchecked
 * @param mappings the buckets of which the user is a member or an owner; null, as in older stores,
 *     if there are none. They are stored with the user, so that they are deleted with it and the
 *     user's permissions can be read without any organization
 */
record InfluxExtras(
    @Nullable String oauthID,
    @Nullable String oddStatus,
    @JsonProperty(Extras.GRANTS) @JsonAlias("mappings") @Nullable List<BucketMapping> mappings) {

  /** The maximum number of buckets that a user is mapped to; the server has no limit. */
  static final int MAX_MAPPINGS = 1_000;

  private static final InfluxExtras NONE = new InfluxExtras(null, null, null);

  /**
   * A bucket of which the user is a member or an owner. Immutable.
   *
   * @param orgID of the bucket's organization, 16 lower-case hex digits
   * @param bucketID in the same form
   */
  record BucketMapping(String orgID, String bucketID, Membership membership) {}

  InfluxExtras {
    mappings = mappings == null || mappings.isEmpty() ? null : List.copyOf(mappings);
  }

  /** Extras without mappings. */
  InfluxExtras(@Nullable String oauthID, @Nullable String oddStatus) {
    this(oauthID, oddStatus, null);
  }

  static InfluxExtras of(User user) {
    return user.extras(InfluxDialect.NAME)
        .map(json -> Extras.decode(json, InfluxExtras.class))
        .orElse(NONE);
  }

  /** Returns the mappings of a user to buckets. */
  static List<BucketMapping> mappings(User user) {
    return Optional.ofNullable(of(user).mappings).orElse(List.of());
  }

  /** Returns what a user is of a bucket, if anything. */
  static Optional<Membership> membership(User user, String bucketID) {
    return mappings(user).stream()
        .filter(mapping -> mapping.bucketID().equals(bucketID))
        .map(BucketMapping::membership)
        .findFirst();
  }

  /** Returns the new user with these extras, if there are any. */
  NewUser on(NewUser user) {
    return equals(NONE) ? user : user.withExtras(InfluxDialect.NAME, json());
  }

  /** Returns the user without its odd status. */
  static User withoutOddStatus(User user) {
    var extras = of(user);
    return extras.oddStatus == null
        ? user
        : new InfluxExtras(extras.oauthID, null, extras.mappings).on(user);
  }

  /**
   * Returns the user as a member or an owner of another bucket. Throws if the user is one already,
   * or is mapped to too many buckets.
   */
  static User withMapping(User user, BucketMapping added) {
    if (membership(user, added.bucketID()).isPresent()) {
      throw InfluxErrors.ALREADY_MAPPED.newException(Reason.INVALID_VALUE, InfluxId.of(user));
    }
    var all = new ArrayList<>(mappings(user));
    if (all.size() >= MAX_MAPPINGS) {
      throw InfluxErrors.UNPROCESSABLE.newException(
          Reason.INVALID_VALUE,
          "a user can be a member or an owner of " + MAX_MAPPINGS + " buckets at most");
    }
    all.add(added);
    return of(user).withMappings(all).on(user);
  }

  /** Returns the user as neither a member nor an owner of these buckets. */
  static User withoutMappings(User user, Set<String> bucketIDs) {
    var others =
        mappings(user).stream().filter(mapping -> !bucketIDs.contains(mapping.bucketID())).toList();
    return of(user).withMappings(others).on(user);
  }

  private InfluxExtras withMappings(List<BucketMapping> mappings) {
    return new InfluxExtras(oauthID, oddStatus, mappings);
  }

  private User on(User user) {
    return user.withExtras(InfluxDialect.NAME, json());
  }

  private String json() {
    return Extras.encode(this);
  }

  /** Returns the status in the words of InfluxDB. */
  String status(User user) {
    if (!user.active()) {
      return InfluxStatus.INACTIVE;
    }
    return oddStatus == null ? InfluxStatus.ACTIVE : oddStatus;
  }
}
