package dev.doppel.influx;

import dev.doppel.users.Extras;
import dev.doppel.users.NewUser;
import dev.doppel.users.User;
import org.jspecify.annotations.Nullable;

/**
 * The part of a user that only InfluxDB has. Immutable.
 *
 * @param oauthID undocumented; stored as it was given when the user was created
 * @param oddStatus a status that is neither active nor inactive, which the server stores unchecked
 */
record InfluxExtras(@Nullable String oauthID, @Nullable String oddStatus) {

  private static final InfluxExtras NONE = new InfluxExtras(null, null);

  static InfluxExtras of(User user) {
    return user.extras(InfluxDialect.NAME)
        .map(json -> Extras.decode(json, InfluxExtras.class))
        .orElse(NONE);
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
        : user.withExtras(InfluxDialect.NAME, new InfluxExtras(extras.oauthID, null).json());
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
