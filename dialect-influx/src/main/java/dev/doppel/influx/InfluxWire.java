package dev.doppel.influx;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.GoJson;
import dev.doppel.dialect.GoType;
import dev.doppel.users.Alias;
import dev.doppel.users.Password;
import dev.doppel.users.User;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What travels, in InfluxDB's words and order. */
final class InfluxWire {

  static final String CONTENT_TYPE = "application/json; charset=utf-8";

  /** From the resource handlers. */
  static final ObjectMapper JSON = GoJson.indented();

  /** From the authentication step. */
  static final ObjectMapper COMPACT_JSON = GoJson.compact();

  private InfluxWire() {}

  record ErrorBody(String code, String message) {}

  record Links(String self) {}

  @GoType("influxdb.User")
  record NewUserBody(
      @GoType("platform.ID") @Nullable String id,
      @Nullable String name,
      @Nullable String oauthID,
      @GoType("influxdb.Status") @Nullable String status) {}

  @GoType("influxdb.UserUpdate")
  record UserUpdate(@Nullable String name, @GoType("influxdb.Status") @Nullable String status) {}

  @GoType("tenant.passwordSetRequest")
  record NewPassword(@Nullable Password password) {}

  @GoType("tenant.passwordResetRequestBody")
  record PasswordReset(@Nullable Password password) {}

  @JsonPropertyOrder({"links", "id", "name", "oauthID", "status"})
  record UserView(Links links, String id, String name, @Nullable String oauthID, String status) {

    static UserView of(User user) {
      var id = id(user);
      var extras = InfluxExtras.of(user);
      return new UserView(
          new Links("/api/v2/users/" + id), id, user.name(), extras.oauthID(), extras.status(user));
    }

    /** An imported user keeps the id it came with. */
    private static String id(User user) {
      return user.alias(InfluxDialect.NAME).orElseGet(user.id()::toString);
    }
  }

  record UserList(Links links, List<UserView> users) {

    static UserList of(List<User> users) {
      return new UserList(new Links("/api/v2/users"), users.stream().map(UserView::of).toList());
    }
  }

  static Alias alias(String id) {
    return new Alias(InfluxDialect.NAME, id);
  }
}
