package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Authenticates calls by the token of a session. The user, the organization and the status are read
 * with every call.
 */
final class VcloudAuth {

  static final Duration IDLE_TIMEOUT = Duration.ofMinutes(30);

  /** The maximum duration of a session, even if it is never idle. */
  private static final Duration MAX_DURATION = Duration.ofHours(24);

  private static final String SCHEME = "bearer ";
  private static final String COOKIE = "vcloud_jwt";

  private final Realm realm;

  VcloudAuth(Realm realm) {
    this.realm = realm;
  }

  Future<Caller> caller(Call call) {
    return token(call)
        .map(this::caller)
        .orElse(Future.failedFuture(Failure.of(Reason.NO_CREDENTIALS)));
  }

  private static Optional<String> token(Call call) {
    return call.header("Authorization")
        .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(SCHEME))
        .map(value -> value.substring(SCHEME.length()).strip())
        .or(() -> call.header("X-VMWARE-VCLOUD-ACCESS-TOKEN"))
        .or(() -> call.header("x-vcloud-authorization"))
        .or(() -> call.header("Cookie").flatMap(VcloudAuth::cookie))
        .filter(text -> !text.isEmpty());
  }

  private static Optional<String> cookie(String header) {
    return ServerCookieDecoder.LAX.decodeAll(header).stream()
        .filter(cookie -> cookie.name().equals(COOKIE))
        .map(Cookie::value)
        .findFirst();
  }

  /**
   * Returns the user and the session of a token, and prolongs the session. Fails with
   * BAD_CREDENTIALS, EXPIRED_CREDENTIALS or INACTIVE_USER.
   */
  Future<Caller> caller(String secret) {
    return realm
        .tokens()
        .find(secret, VcloudApi.NAME)
        .compose(this::prolong)
        .compose(
            token ->
                realm
                    .users()
                    .authenticate(token, Reason.BAD_CREDENTIALS)
                    .compose(user -> caller(user, token)));
  }

  private Future<Token> prolong(Token token) {
    var left = Duration.between(realm.clock().instant(), token.created().plus(MAX_DURATION));
    if (token.kind() != Token.Kind.SESSION || left.isNegative() || left.isZero()) {
      return Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS));
    }
    return realm.tokens().prolong(token, left.compareTo(IDLE_TIMEOUT) < 0 ? left : IDLE_TIMEOUT);
  }

  /**
   * Returns the caller. Fails with BAD_CREDENTIALS if the session's organization was deleted or
   * disabled, if the user no longer belongs to it, or if the session's service account was revoked.
   */
  private Future<Caller> caller(User user, Token token) {
    var session = VcloudSession.of(token);
    return realm
        .organizations()
        .find(session.organizationId())
        .recover(Failure.replacing(Reason.NO_SUCH_ORGANIZATION, Reason.BAD_CREDENTIALS))
        .compose(
            organization ->
                serviceAccount(session, token)
                    .compose(
                        account -> {
                          if (!mayUse(organization, user, account.isPresent(), realm)
                              || session.isEndedBy(organization)) {
                            throw Failure.of(Reason.BAD_CREDENTIALS);
                          }
                          return account.isPresent()
                              ? ofServiceAccount(user, token, organization, account.get())
                              : ofUser(user, token, organization, session.isLimited());
                        }));
  }

  private Future<Caller> ofUser(
      User user, Token token, Organization organization, boolean limited) {
    return VcloudRoleSet.of(organization, realm.organizations(), List.of(user))
        .map(
            set -> {
              var roles = set.of(user);
              var authority = limited ? Authority.NONE : authority(user, organization, roles);
              return new VcloudCaller(
                  user, token, organization, roles, authority, limited, Optional.empty());
            });
  }

  /**
   * A service account has the rights of its role, as far as the user who registered it and the user
   * who granted its token have them.
   */
  private Future<Caller> ofServiceAccount(
      User owner, Token token, Organization organization, VcloudServiceAccounts.Found found) {
    return VcloudServiceAccounts.requireGranter(realm, owner, found.account(), organization)
        .compose(
            granter ->
                VcloudRoleSet.of(organization, realm.organizations())
                    .map(
                        set ->
                            new VcloudCaller(
                                owner,
                                token,
                                organization,
                                VcloudServiceAccounts.role(found.account(), set)
                                    .flatMap(role -> set.limitedTo(List.of(owner, granter), role))
                                    .stream()
                                    .toList(),
                                Authority.NONE,
                                true,
                                Optional.of(found))));
  }

  private Authority authority(User user, Organization organization, List<VcloudRole> roles) {
    var authority = realm.organizations().authorityOf(user);
    return roles.stream().anyMatch(role -> role.rights().contains(VcloudRight.GROUP_USER_MANAGE))
        ? authority.managing(organization.id())
        : authority;
  }

  private Future<Optional<VcloudServiceAccounts.Found>> serviceAccount(
      VcloudSession session, Token token) {
    return session.serviceAccount() == null
        ? Future.succeededFuture(Optional.empty())
        : VcloudServiceAccounts.find(realm, session.serviceAccount())
            .map(
                found -> {
                  if (!found.isOf(token)) {
                    throw Failure.of(Reason.BAD_CREDENTIALS);
                  }
                  return Optional.of(found);
                });
  }

  /**
   * Returns whether a user, or a service account that the user registered or granted, may have a
   * session in an organization, which must be enabled. Administrators register and grant accounts
   * in organizations that they don't belong to.
   */
  static boolean mayUse(
      Organization organization, User user, boolean isServiceAccount, Realm realm) {
    return VcloudOrganizationExtras.isEnabled(organization)
        && (realm.organizations().has(organization, user)
            || (isServiceAccount && user.administrator()));
  }
}
