package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.users.Authority;
import dev.doppel.users.Organization;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import java.util.List;
import java.util.Optional;

/**
 * A user in a session, or a service account.
 *
 * @param user the user; of a service account, the one who registered it
 * @param organization the organization that the user signed in to
 * @param roles of the user in that organization; of a service account, its role with the rights
 *     that its users have, too ({@link VcloudRoleSet#limitedTo})
 * @param authority {@link Authority#NONE} in a session that was created with an API token
 * @param limited whether the session was created with an API token
 * @param serviceAccount the account whose session it is; empty if it is a user's own
 */
record VcloudCaller(
    User user,
    Token sessionToken,
    Organization organization,
    List<VcloudRole> roles,
    Authority authority,
    boolean limited,
    Optional<VcloudServiceAccounts.Found> serviceAccount)
    implements Caller {

  VcloudCaller {
    roles = List.copyOf(roles);
  }

  static VcloudCaller of(Call call) {
    return call.caller(VcloudCaller.class);
  }

  @Override
  public Optional<Token> token() {
    return Optional.of(sessionToken);
  }

  /** Returns the caller with its organization as it is now. */
  VcloudCaller in(Organization now) {
    return new VcloudCaller(user, sessionToken, now, roles, authority, limited, serviceAccount);
  }

  /** Returns the caller's roles as those of the organization. */
  VcloudRoleSet roleSet() {
    return new VcloudRoleSet(organization, roles);
  }

  VcloudSession session() {
    return VcloudSession.of(sessionToken);
  }

  /** Returns whether one of the caller's roles has the right, and the session is not limited. */
  boolean has(VcloudRight right) {
    return roles.stream().anyMatch(role -> role.rights().contains(right))
        && !(limited && right.isWithheldFromApiTokens());
  }

  /**
   * Returns whether the caller may give a role to others: it has all rights of the role, and is an
   * administrator if only those can have it.
   */
  boolean mayAssign(VcloudRole role) {
    return (user.administrator() || !role.isOfAdministrators())
        && role.rights().stream().allMatch(this::has);
  }

  /** Returns whether the caller may act in every organization. */
  boolean provider() {
    return VcloudUrn.isProvider(organization)
        && user.administrator()
        && roles.stream().anyMatch(VcloudRole::administers);
  }

  /** Returns whether the caller is a user, and not a service account of the user. */
  boolean is(User other) {
    return serviceAccount.isEmpty() && user.id().equals(other.id());
  }

  /** Returns the user or the service account, as displayed in its own organization. */
  EntityReference reference() {
    return serviceAccount
        .map(VcloudServiceAccounts.Found::reference)
        .orElseGet(
            () ->
                new EntityReference(
                    VcloudNames.displayName(user, organization), VcloudUrn.of(user)));
  }
}
