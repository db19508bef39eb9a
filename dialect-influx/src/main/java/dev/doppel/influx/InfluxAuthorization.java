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
 * What InfluxDB alone knows about a token.
 *
 * @param orgID of the organization it was made for, 16 hex digits
 * @param token the secret itself, where tokens are to be shown again
 * @param ofAdministrator whether its owner was an administrator when it was issued. Otherwise it is
 *     never worth an administrator's authority; null in tokens of older stores, which can't tell
 * @param byRightsAlone whether somebody who doesn't manage its owner issued it, by rights of
 *     InfluxDB. Then it is worth no more than such rights; null in tokens of older stores
 */
record InfluxAuthorization(
    String orgID,
    List<InfluxPermission> permissions,
    @Nullable String token,
    @Nullable Boolean ofAdministrator,
    @Nullable Boolean byRightsAlone) {

  private static final Set<InfluxPermission> OPERATOR = Set.copyOf(InfluxPermission.OPERATOR);

  /** Empty for a token that was made for every dialect. */
  static Optional<InfluxAuthorization> of(Token token) {
    return token
        .extras(InfluxDialect.NAME)
        .map(json -> Extras.decode(json, InfluxAuthorization.class));
  }

  String json() {
    return Extras.encode(this);
  }

  /** A token for every dialect holds what its owner may do with one. */
  static List<InfluxPermission> permissions(Token token, User owner) {
    return of(token)
        .map(known -> known.permissions(owner))
        .orElseGet(
            () -> owner.administrator() ? InfluxPermission.OPERATOR : InfluxPermission.self(owner));
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

  /** Of the tokens that can't tell, those that hold every permission may be. */
  private boolean mayBeOfAdministrator() {
    return ofAdministrator == null
        ? Set.copyOf(permissions).containsAll(OPERATOR)
        : ofAdministrator;
  }

  /**
   * How much of its owner's authority the token carries: all of it if it holds every permission,
   * else the ownership of the organizations in which it does. That of an administrator it carries
   * only if it was issued when its owner was one, since only an administrator issues such a token.
   *
   * @param whole all that the owner may do to users
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
