package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Authority;
import dev.doppel.users.Extras;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import dev.doppel.vcloud.VcloudTenancy.Context;
import dev.doppel.vcloud.VcloudWire.DeviceInfo;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import dev.doppel.vcloud.VcloudWire.ServiceAccount;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Service accounts, and the users' part of the device flow (CloudAPI "ServiceAccounts", since
 * 37.0). An account is kept as an API token of the user who registered it, whose hash is that of
 * the account's URN, so that it is found without a search; this token is accepted nowhere. Only
 * those who manage an organization's users see and manage its accounts.
 */
final class VcloudServiceAccounts {

  static final String TYPE = "serviceAccount";

  private static final int MAX_PAGE_SIZE = 32;
  private static final int MAX_ACCOUNTS = 100;
  private static final int MAX_NAME_LENGTH = 128;
  private static final int MAX_URI_LENGTH = 2048;
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final VcloudListing LISTING =
      new VcloudListing(
          "ServiceAccounts",
          List.of(
              "id",
              "name",
              "softwareId",
              "softwareVersion",
              "role.id",
              "role.name",
              "uri",
              "status"),
          MAX_PAGE_SIZE);

  /**
   * An account, with the token that keeps it.
   *
   * @param owner the user who registered it
   */
  record Found(Token token, VcloudClient client, VcloudServiceAccount account, User owner) {

    private VcloudUrn urn() {
      return VcloudServiceAccounts.urn(client.clientId());
    }

    EntityReference reference() {
      return new EntityReference(token.description(), urn().toString());
    }

    /** Returns whether this is the account of a session, which no revocation has ended. */
    boolean isOf(Token sessionToken) {
      return Integer.valueOf(account.generation())
              .equals(VcloudSession.of(sessionToken).generation())
          && token.owner().equals(sessionToken.owner())
          && token.ownerCreated().equals(sessionToken.ownerCreated());
    }
  }

  private final Realm realm;
  private final VcloudTenancy tenancy;
  private final VcloudTasks tasks;

  VcloudServiceAccounts(Realm realm, VcloudTenancy tenancy, VcloudTasks tasks) {
    this.realm = realm;
    this.tenancy = tenancy;
    this.tasks = tasks;
  }

  /** Returns the same operations in a change. */
  VcloudServiceAccounts in(Realm now) {
    return new VcloudServiceAccounts(now, new VcloudTenancy(now.organizations()), tasks);
  }

  static VcloudUrn urn(UUID clientId) {
    return new VcloudUrn(TYPE, clientId);
  }

  /**
   * Registers an account in an organization that the caller manages. Part of a change. Fails with
   * the error {@code access_denied} if the organization has {@value #MAX_ACCOUNTS} already.
   */
  Future<UUID> register(
      VcloudCaller caller, Organization organization, String name, VcloudServiceAccount account) {
    return list(organization)
        .compose(
            all -> {
              if (all.size() >= MAX_ACCOUNTS) {
                throw VcloudOAuth.newException(
                    "access_denied",
                    "an organization can have at most " + MAX_ACCOUNTS + " service accounts");
              }
              return issue(caller, organization, name, account);
            });
  }

  private Future<UUID> issue(
      VcloudCaller caller, Organization organization, String name, VcloudServiceAccount account) {
    var client =
        new VcloudClient(
            VcloudUrn.newUuid(realm.secrets()), organization.id().value(), true, account);
    return realm
        .tokens()
        .issue(
            caller.authority(),
            urn(client.clientId()).toString(),
            caller.user(),
            VcloudApi.NAME,
            Status.ACTIVE,
            name,
            Extras.encode(client))
        .map(token -> client.clientId());
  }

  /**
   * Checks that a caller may give an account a role, or a token with the rights of the role.
   *
   * @throws Failure FORBIDDEN with the vendor's error if the caller has fewer rights
   */
  static void requireAssignable(VcloudRole role, VcloudCaller caller) {
    if (!caller.mayAssign(role)) {
      throw VcloudErrors.NO_RIGHTS_OF_ROLE.newException(Reason.FORBIDDEN, role.name());
    }
  }

  /**
   * Returns the user who granted an account its token. Fails with BAD_CREDENTIALS if it was not
   * granted, if the user was deleted, or if the user no longer belongs to the organization, and
   * with INACTIVE_USER.
   *
   * @param owner may have granted it, too
   */
  static Future<User> requireGranter(
      Realm realm, User owner, VcloudServiceAccount account, Organization organization) {
    var granter = account.granter();
    if (granter == null) {
      return Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS));
    }
    if (granter.is(owner)) {
      return Future.succeededFuture(owner);
    }
    return realm
        .users()
        .find(granter.userId())
        .recover(Failure.replacing(Reason.NO_SUCH_USER, Reason.BAD_CREDENTIALS))
        .map(
            user -> {
              if (!granter.is(user) || !VcloudAuth.mayUse(organization, user, true, realm)) {
                throw Failure.of(Reason.BAD_CREDENTIALS);
              }
              return user;
            })
        .compose(Users::requireActive);
  }

  /** Finds the account of a client. Fails with BAD_CREDENTIALS if there is none. */
  Future<Found> find(UUID clientId) {
    return find(realm, clientId);
  }

  /** As {@link #find(UUID)}. */
  static Future<Found> find(Realm realm, UUID clientId) {
    return realm
        .tokens()
        .find(urn(clientId).toString(), VcloudApi.NAME)
        .compose(
            token ->
                realm
                    .users()
                    .owner(token)
                    .recover(Failure.replacing(Reason.NO_SUCH_USER, Reason.BAD_CREDENTIALS))
                    .map(
                        owner ->
                            found(token, owner)
                                .orElseThrow(() -> Failure.of(Reason.BAD_CREDENTIALS))));
  }

  private static Optional<Found> found(Token token, User owner) {
    return VcloudClient.of(token).flatMap(client -> found(token, client, owner));
  }

  private static Optional<Found> found(Token token, VcloudClient client, User owner) {
    return Optional.ofNullable(client.serviceAccount())
        .map(account -> new Found(token, client, account, owner));
  }

  /** Stores another state of an account. Part of a change in which the account was read. */
  Future<Void> store(Found found, VcloudServiceAccount after) {
    return after.equals(found.account)
        ? Future.succeededFuture()
        : update(found, token -> token, after).mapEmpty();
  }

  /** Changes an account. The caller's rights in this dialect have been checked. */
  private Future<Token> update(
      Found found, UnaryOperator<Token> change, VcloudServiceAccount after) {
    var extras = Extras.encode(found.client.with(after));
    return realm
        .tokens()
        .update(
            Authority.SERVER,
            found.token,
            found.owner,
            token -> change.apply(token).withExtras(VcloudApi.NAME, extras));
  }

  Future<Reply> query(Call call) {
    return visible(call)
        .compose(
            all ->
                tenancy
                    .roles(all.context.organization())
                    .map(
                        roles ->
                            LISTING.page(
                                call,
                                all.accounts.stream().map(found -> view(found, roles)).toList())));
  }

  /** The accounts of the organization in context. */
  private record Visible(Context context, List<Found> accounts) {}

  private Future<Visible> visible(Call call) {
    return tenancy
        .context(call)
        .compose(
            context -> {
              context.require(VcloudRight.SERVICE_ACCOUNT_VIEW, VcloudErrors.NO_SERVICE_ACCOUNT);
              return list(context.organization()).map(all -> new Visible(context, all));
            });
  }

  private Future<List<Found>> list(Organization organization) {
    return realm
        .tokens()
        .list(VcloudApi.NAME)
        .compose(
            tokens ->
                Future.all(
                    tokens.stream()
                        .flatMap(
                            token ->
                                VcloudClient.of(token, organization)
                                    .filter(VcloudClient::hasServiceAccount)
                                    .map(client -> owned(token, client))
                                    .stream())
                        .toList()))
        .map(found -> found.<Optional<Found>>list().stream().flatMap(Optional::stream).toList());
  }

  private Future<Optional<Found>> owned(Token token, VcloudClient client) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().owner(token))
        .map(owner -> owner.flatMap(user -> found(token, client, user)));
  }

  private ServiceAccount view(Found found, VcloudRoleSet roles) {
    var account = found.account;
    return new ServiceAccount(
        found.urn().toString(),
        found.token.description(),
        account.softwareId(),
        account.softwareVersion(),
        role(account, roles).map(VcloudRole::reference).orElse(null),
        account.uri(),
        VcloudUserView.reference(roles.organization()),
        account.status(realm.clock().millis()).name());
  }

  /** Returns the role of an account, or empty if the organization has it no longer. */
  static Optional<VcloudRole> role(VcloudServiceAccount account, VcloudRoleSet roles) {
    return roles.find(new EntityReference(null, account.role()));
  }

  Future<Reply> get(Call call) {
    var urn = urn(call);
    return tenancy
        .context(call)
        .compose(
            context ->
                find(urn, VcloudRight.SERVICE_ACCOUNT_VIEW, context)
                    .compose(
                        found ->
                            tenancy
                                .roles(context.organization())
                                .map(roles -> Reply.ok(view(found, roles)))));
  }

  /** Returns service accounts as entities that can have quotas. */
  VcloudQuotas.Target quotaTarget() {
    return new VcloudQuotas.Target(
        (call, context) ->
            find(urn(call), VcloudRight.SERVICE_ACCOUNT_VIEW, context).map(Found::reference),
        (now, call, context) ->
            in(now)
                .find(urn(call), VcloudRight.SERVICE_ACCOUNT_MANAGE, context)
                .map(Found::reference));
  }

  private static VcloudUrn urn(Call call) {
    return VcloudUrn.require(call.parameter("serviceAccountUrn"), TYPE);
  }

  /** Finds an account of the organization in context, if the caller has the right. */
  private Future<Found> find(VcloudUrn urn, VcloudRight right, Context context) {
    if (!context.has(right)) {
      throw newException(urn);
    }
    return Failure.emptyIf(Reason.BAD_CREDENTIALS, find(urn.uuid()))
        .map(
            found ->
                found
                    .filter(one -> one.client.isOf(context.organization()))
                    .orElseThrow(() -> newException(urn)));
  }

  private static RuntimeException newException(VcloudUrn urn) {
    return VcloudErrors.NO_SERVICE_ACCOUNT.newException(Reason.FORBIDDEN, urn.uuid().toString());
  }

  /** Changes an account of the organization in context, and returns the result. */
  private <T> Future<T> change(Call call, VcloudUrn urn, Function<Changing, Future<T>> then) {
    return realm.change(
        now ->
            VcloudTenancy.context(now, call)
                .compose(
                    context -> {
                      var accounts = in(now);
                      return accounts
                          .find(urn, VcloudRight.SERVICE_ACCOUNT_MANAGE, context)
                          .compose(found -> then.apply(new Changing(accounts, found, context)));
                    }));
  }

  /** An account in a change. */
  private record Changing(VcloudServiceAccounts accounts, Found found, Context context) {}

  /** Changes name, software, page and role. Sessions have the rights of the new role at once. */
  Future<Reply> update(Call call, ServiceAccount body) {
    var urn = urn(call);
    checkId(body, urn);
    var name = requireName(body.name());
    return change(
            call,
            urn,
            changing ->
                changing
                    .accounts
                    .tenancy
                    .roles(changing.context.organization())
                    .compose(roles -> update(changing, body, name, roles)))
        .map(Reply::ok);
  }

  private static Future<ServiceAccount> update(
      Changing changing, ServiceAccount body, String name, VcloudRoleSet roles) {
    var role = requireRole(body.role(), roles);
    var after =
        changing.found.account.with(
            requireSoftwareId(body.softwareId()),
            requireVersion(body.softwareVersion()),
            requireUri(body.uri()),
            role.urn().toString());
    requireAssignable(role, changing.context.caller());
    return changing
        .accounts
        .update(changing.found, token -> token.with(token.status(), name), after)
        .map(
            token ->
                changing.accounts.view(
                    new Found(token, changing.found.client, after, changing.found.owner), roles));
  }

  private static void checkId(ServiceAccount body, VcloudUrn urn) {
    if (body.id() != null && !VcloudUrn.isSame(body.id(), urn)) {
      throw VcloudErrors.newInvalidValueException(
          "The property id is not the id of this service account.");
    }
  }

  /** Returns the name. Fails with INVALID_VALUE if it is missing or too long. */
  static String requireName(@Nullable String name) {
    if (name == null || name.isBlank()) {
      throw VcloudErrors.newMissingException("name");
    }
    return VcloudProperties.requireShort("name", name, MAX_NAME_LENGTH);
  }

  static String requireSoftwareId(@Nullable String softwareId) {
    if (softwareId == null || !UUID_FORM.matcher(softwareId).matches()) {
      throw VcloudErrors.newInvalidValueException("The property softwareId must be a UUID.");
    }
    return softwareId;
  }

  static @Nullable String requireVersion(@Nullable String version) {
    return version == null
        ? null
        : VcloudProperties.requireShort("softwareVersion", version, MAX_NAME_LENGTH);
  }

  static @Nullable String requireUri(@Nullable String uri) {
    return uri == null ? null : VcloudProperties.requireShort("uri", uri, MAX_URI_LENGTH);
  }

  private static VcloudRole requireRole(@Nullable EntityReference reference, VcloudRoleSet roles) {
    if (reference == null || (reference.id() == null && reference.name() == null)) {
      throw VcloudErrors.newMissingException("role");
    }
    return roles
        .find(reference)
        .orElseThrow(
            () ->
                VcloudContainerRequest.newNoSuchReferenceException(
                    reference.name(), reference.id()));
  }

  /** Deletes an account, which ends its sessions. */
  Future<Reply> delete(Call call) {
    return change(
            call,
            urn(call),
            changing ->
                changing
                    .accounts
                    .realm
                    .tokens()
                    .end(changing.found.token)
                    .compose(
                        ended ->
                            tasks.add(
                                changing.accounts.realm,
                                VcloudTasks.Action.DELETE_SERVICE_ACCOUNT,
                                changing.found.reference(),
                                changing.context)))
        .map(task -> VcloudTasks.accepted(call, task));
  }

  /** Ends the token, the codes and the sessions of an account. */
  Future<Reply> revoke(Call call) {
    return change(
            call,
            urn(call),
            changing -> changing.accounts.store(changing.found, changing.found.account.revoked()))
        .map(revoked -> Reply.noContent());
  }

  /** Takes over an account's objects. Only the right is checked: accounts own no objects here. */
  Future<Reply> takeOwnership(Call call) {
    var urn = urn(call);
    return tenancy
        .context(call)
        .compose(context -> find(urn, VcloudRight.SERVICE_ACCOUNT_MANAGE, context))
        .map(found -> Reply.noContent());
  }

  /** Returns the place of the account that waits for a decision about a code. */
  Future<Reply> lookUp(Call call, DeviceInfo body) {
    var code = requireCode(body);
    return visible(call)
        .map(
            all ->
                Reply.of(303, body)
                    .with(
                        "Location",
                        call.origin()
                            + VcloudApi.VERSIONED
                            + "/serviceAccounts/"
                            + requireOpen(all.accounts, code).urn()));
  }

  private Found requireOpen(List<Found> accounts, String code) {
    var now = realm.clock().millis();
    return accounts.stream()
        .filter(found -> found.account.isOpenTo(code, now))
        .findFirst()
        .orElseThrow(() -> VcloudErrors.NO_DEVICE.newException(Reason.NO_SUCH_PATH));
  }

  private static String requireCode(DeviceInfo body) {
    if (body.userCode() == null || body.userCode().isBlank()) {
      throw VcloudErrors.newMissingException("userCode");
    }
    return body.userCode();
  }

  /** Grants an account its first token, if the caller has all rights of the account's role. */
  Future<Reply> grant(Call call, DeviceInfo body) {
    return decide(
        call,
        body,
        (changing, code, now) ->
            changing
                .accounts
                .tenancy
                .roles(changing.context.organization())
                .map(
                    roles -> {
                      var account = changing.found.account;
                      var caller = changing.context.caller();
                      role(account, roles).ifPresent(role -> requireAssignable(role, caller));
                      return account.granted(code, caller.user(), now);
                    }));
  }

  Future<Reply> deny(Call call, DeviceInfo body) {
    return decide(
        call,
        body,
        (changing, code, now) -> Future.succeededFuture(changing.found.account.denied(code, now)));
  }

  @FunctionalInterface
  private interface Decision {
    Future<VcloudServiceAccount> apply(Changing changing, String code, long now);
  }

  private Future<Reply> decide(Call call, DeviceInfo body, Decision decision) {
    var code = requireCode(body);
    return visible(call)
        .map(all -> requireOpen(all.accounts, code).urn())
        .compose(
            urn ->
                change(
                    call,
                    urn,
                    changing -> {
                      var found = changing.accounts.requireOpen(List.of(changing.found), code);
                      return decision
                          .apply(changing, code, realm.clock().millis())
                          .compose(after -> changing.accounts.store(found, after));
                    }))
        .map(decided -> Reply.noContent());
  }
}
