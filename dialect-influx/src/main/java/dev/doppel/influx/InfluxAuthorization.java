package dev.doppel.influx;

import dev.doppel.users.Extras;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What InfluxDB alone knows about a token.
 *
 * @param orgID of the organization it was made for, 16 hex digits
 * @param token the secret itself, where tokens are to be shown again
 * @param ofAdministrator whether its owner was an administrator when it was issued. It is worth no
 *     more than its owner's other rights once the owner is none; null in tokens of older stores
 */
record InfluxAuthorization(
    String orgID,
    List<InfluxPermission> permissions,
    @Nullable String token,
    @Nullable Boolean ofAdministrator) {

  private static final Set<InfluxPermission> OPERATOR = Set.copyOf(InfluxPermission.OPERATOR);

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
        .map(known -> known.permissions(owner))
        .orElseGet(
            () -> owner.administrator() ? InfluxPermission.OPERATOR : InfluxPermission.self(owner));
  }

  private List<InfluxPermission> permissions(User owner) {
    if (owner.administrator() || !isOfAdministrator()) {
      return permissions;
    }
    var own = InfluxPermission.of(owner);
    return permissions.stream()
        .filter(needed -> own.stream().anyMatch(one -> one.allows(needed)))
        .toList();
  }

  private boolean isOfAdministrator() {
    return ofAdministrator == null
        ? Set.copyOf(permissions).containsAll(OPERATOR)
        : ofAdministrator;
  }

  @Override
  public String toString() {
    return "InfluxAuthorization[" + orgID + "]";
  }
}
