package dev.doppel.influx;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What InfluxDB alone knows about a token.
 *
 * @param orgID of the organization it was made for, 16 hex digits
 * @param token the secret itself, where tokens are to be shown again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record InfluxAuthorization(
    String orgID, List<InfluxPermission> permissions, @Nullable String token) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Empty for a token that was made for every dialect. */
  static Optional<InfluxAuthorization> of(Token token) {
    return token.extras(InfluxDialect.NAME).map(InfluxAuthorization::read);
  }

  private static InfluxAuthorization read(String json) {
    try {
      return JSON.readValue(json, InfluxAuthorization.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("extras that this dialect did not write", e);
    }
  }

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("strings are always JSON", e);
    }
  }

  /** A token for every dialect holds what its owner may do with one. */
  static List<InfluxPermission> permissions(Token token, User owner) {
    return of(token)
        .map(InfluxAuthorization::permissions)
        .orElseGet(
            () -> owner.administrator() ? InfluxPermission.OPERATOR : InfluxPermission.self(owner));
  }

  @Override
  public String toString() {
    return "InfluxAuthorization[" + orgID + "]";
  }
}
