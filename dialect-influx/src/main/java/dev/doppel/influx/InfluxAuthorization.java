package dev.doppel.influx;

import dev.doppel.users.Authority;
import dev.doppel.users.Extras;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a token that only InfluxDB has. Immutable.
 *
 * @param orgID id of the organization that the token belongs to, 16 hex digits
 * @param token the secret itself, where tokens can be read again
 * @param ofAdministrator whether its owner was an administrator when it was issued. Otherwise it
 *     never carries an administrator's authority; null in tokens of older stores
 * @param byRightsAlone whether it was issued by a user who doesn't manage its owner, by rights of
 *     InfluxDB. Then it carries no more than such rights; null in tokens of older stores
 */
record InfluxAuthorization(
    String orgID,
    List<InfluxPermission> permissions,
    @Nullable String token,
    @Nullable Boolean ofAdministrator,
    @Nullable Boolean byRightsAlone) {

  private static final Set<InfluxPermission> OPERATOR = Set.copyOf(InfluxPermission.OPERATOR);

  /** Returns a token's part; empty for a token that was issued for every dialect. */
  static Optional<InfluxAuthorization> of(Token token) {
    return token
        .extras(InfluxDialect.NAME)
        .map(json -> Extras.decode(json, InfluxAuthorization.class));
  }

  String json() {
    return Extras.encode(this);
  }

  /** Returns what a token permits. One for every dialect permits what its owner may do. */
  static List<InfluxPermission> permissions(Token token, User owner) {
    return of(token)
        .map(known -> known.permissions(owner))
        .orElseGet(
            () ->
                owner.administrator()
                    ? InfluxPermission.OPERATOR
                    : InfluxPermission.self(InfluxId.of(owner)));
  }

  private List<InfluxPermission> permissions(User owner) {
    if (owner.administrator() || !mayBeOfAdministrator()) {
      return permissions;
    }
    var own = InfluxPermission.of(owner);
    return permissions.stream()
        .filter(needed -> own.stream().anyMatch(one -> one.allows(needed)))
        .toList();
  }

  /** Returns whether it may be; of tokens of older stores, those that hold every permission. */
  private boolean mayBeOfAdministrator() {
    return ofAdministrator == null
        ? Set.copyOf(permissions).containsAll(OPERATOR)
        : ofAdministrator;
  }

  /**
   * Returns the part of its owner's authority that the token carries: all of it if it holds every
   * permission, else the ownership of the organizations in which it does. An administrator's
   * authority it carries only if its owner was an administrator when it was issued.
   *
   * @param whole the owner's authority
   * @param held what the token permits now
   */
  Authority authority(Authority whole, List<InfluxPermission> held) {
    if (Boolean.TRUE.equals(byRightsAlone)) {
      return Authority.NONE;
    }
    var own = Boolean.TRUE.equals(ofAdministrator) ? whole : whole.withoutAdministrator();
    return Set.copyOf(held).containsAll(OPERATOR)
        ? own
        : own.limitedTo(InfluxPermission.ownedWith(held));
  }

  @Override
  public String toString() {
    return "InfluxAuthorization[" + orgID + "]";
  }
}
