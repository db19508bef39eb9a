package dev.doppel.influx;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.users.NewUser;
import dev.doppel.users.User;
import org.jspecify.annotations.Nullable;

/**
 * What InfluxDB alone knows about a user.
 *
 * @param oauthID undocumented; kept as it was given when the user was made
 * @param oddStatus a status that is neither active nor inactive, which the server keeps unread
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record InfluxExtras(@Nullable String oauthID, @Nullable String oddStatus) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final InfluxExtras NONE = new InfluxExtras(null, null);

  static InfluxExtras of(User user) {
    return user.extras(InfluxDialect.NAME).map(InfluxExtras::read).orElse(NONE);
  }

  private static InfluxExtras read(String json) {
    try {
      return JSON.readValue(json, InfluxExtras.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("extras that this dialect did not write", e);
    }
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
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("two strings are always JSON", e);
    }
  }

  /** The status as this vendor shows it. */
  String status(User user) {
    if (!user.active()) {
      return InfluxStatus.INACTIVE;
    }
    return oddStatus == null ? InfluxStatus.ACTIVE : oddStatus;
  }
}
