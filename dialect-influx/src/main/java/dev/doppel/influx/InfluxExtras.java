package dev.doppel.influx;

import dev.doppel.users.Extras;
import dev.doppel.users.NewUser;
import dev.doppel.users.User;
import org.jspecify.annotations.Nullable;

/**
 * What InfluxDB alone knows about a user.
 *
 * @param oauthID undocumented; kept as it was given when the user was made
 * @param oddStatus a status that is neither active nor inactive, which the server keeps unread
 */
record InfluxExtras(@Nullable String oauthID, @Nullable String oddStatus) {

  private static final InfluxExtras NONE = new InfluxExtras(null, null);

  static InfluxExtras of(User user) {
    return user.extras(InfluxDialect.NAME)
        .map(json -> Extras.decode(json, InfluxExtras.class))
        .orElse(NONE);
  }

  /** The user with these extras; those without anything to keep leave no trace on a new user. */
  NewUser on(NewUser user) {
    return equals(NONE) ? user : user.withExtras(InfluxDialect.NAME, json());
  }

  /** The user whose status is one of the two again. */
  static User withoutOddStatus(User user) {
    var extras = of(user);
    return extras.oddStatus == null
        ? user
        : user.withExtras(InfluxDialect.NAME, new InfluxExtras(extras.oauthID, null).json());
  }

  private String json() {
    return Extras.encode(this);
  }

  /** The status as this vendor shows it. */
  String status(User user) {
    if (!user.active()) {
      return InfluxStatus.INACTIVE;
    }
    return oddStatus == null ? InfluxStatus.ACTIVE : oddStatus;
  }
}
