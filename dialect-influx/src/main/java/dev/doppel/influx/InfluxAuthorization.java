package dev.doppel.influx;

import dev.doppel.users.Extras;
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
record InfluxAuthorization(
    String orgID, List<InfluxPermission> permissions, @Nullable String token) {

  /** Empty for a token that was made for every dialect. */
  static Optional<InfluxAuthorization> of(Token token) {
    return token
        .extras(InfluxDialect.NAME)
        .map(json -> Extras.read(json, InfluxAuthorization.class));
  }

  String json() {
    return Extras.json(this);
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
