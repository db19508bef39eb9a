package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.ShownUser;
import dev.doppel.dialect.VendorError;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserFilter;
import dev.doppel.vcloud.VcloudProfile.ProviderType;
import dev.doppel.vcloud.VcloudTenancy.Context;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import dev.doppel.vcloud.VcloudWire.PasswordChangeRequest;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The operations that read users or change the caller (CloudAPI "User Operations"). */
final class VcloudUsers {

  private static final VcloudListing GROUPS =
      new VcloudListing("EntityReferences", List.of("name", "id"));

  private final Realm realm;
  private final VcloudTenancy tenancy;

  VcloudUsers(Realm realm, VcloudTenancy tenancy) {
    this.realm = realm;
    this.tenancy = tenancy;
  }

  /** Returns the same operations in a change. */
  VcloudUsers in(Realm now) {
    return new VcloudUsers(now, new VcloudTenancy(now.organizations()));
  }

  Future<Reply> query(Call call) {
    var paging = VcloudPaging.of(call);
    return tenancy.context(call).compose(context -> page(call, paging, context));
  }

  private Future<Reply> page(Call call, VcloudPaging paging, Context context) {
    return builtIn(context.organization())
        .compose(
            builtIn ->
                page(
                    call,
                    paging,
                    context,
                    new VcloudUserSearch(context.organization(), VcloudVersion.of(call), builtIn)));
  }

  /**
   * Returns the stored name of the user who is displayed as {@link VcloudNames#BUILT_IN} in an
   * organization, if there is one.
   */
  private Future<Optional<String>> builtIn(Organization organization) {
    return VcloudUrn.isProvider(organization)
        ? realm.builtIn().map(user -> user.map(User::name))
        : Future.succeededFuture(Optional.empty());
  }

  private Future<Reply> page(
      Call call, VcloudPaging paging, Context context, VcloudUserSearch search) {
    var organization = context.organization();
    var version = VcloudVersion.of(call);
    var wanted = search.query(call, paging);
    context.require(VcloudRight.GROUP_USER_VIEW, VcloudErrors.NO_VIEW);
    var members = realm.organizations().membersOf(organization);
    return realm
        .users()
        .list(wanted.matching(new UserFilter.All(List.of(members, wanted.filter()))))
        .compose(
            page ->
                tenancy
                    .roles(organization, page.items())
                    .map(
                        roles -> {
                          var views =
                              page.items().stream()
                                  .map(one -> new VcloudUserView(one, roles, version, true))
                                  .map(VcloudUserView::properties)
                                  .toList();
                          var reply = Reply.ok(paging.envelope(page.total(), views));
                          return withLinks(
                              paging.withLinks(reply, call, page.total(), "VcdUsers"),
                              call,
                              context);
                        }));
  }

  private static Reply withLinks(Reply page, Call call, Context context) {
    return (context.manages()
            ? page.with("Link", VcloudLink.to(call, "/users", "add", "VcdUser"))
            : page)
        .with("Link", VcloudLink.toRoot(call));
  }

  Future<Reply> get(Call call) {
    var urn = urn(call);
    return tenancy
        .context(call)
        .compose(
            context ->
                findVisible(urn, context)
                    .compose(
                        user ->
                            view(call, user, context)
                                .map(view -> reply(call, view, user, context))));
  }

  private Reply reply(Call call, Object view, User user, Context context) {
    var reply = Reply.ok(view);
    var self = "/users/" + VcloudUrn.of(user);
    return (context.edits(user)
            ? reply
                .with("Link", VcloudLink.to(call, self, "edit", "VcdUser"))
                .with("Link", VcloudLink.to(call, self, "remove"))
            : reply)
        .with("Link", VcloudLink.to(call, "/users", "up", "VcdUsers"));
  }

  /** Returns a user as the caller may see it in the context's organization. */
  Future<Object> view(Call call, User user, Context context) {
    return tenancy
        .roles(context.organization(), List.of(user))
        .map(
            roles ->
                new VcloudUserView(user, roles, VcloudVersion.of(call), context.views())
                    .properties());
  }

  /** Lists a user's groups, which is empty: there are no groups without an identity provider. */
  Future<Reply> groups(Call call) {
    var urn = urn(call);
    return tenancy
        .context(call)
        .compose(context -> findVisible(urn, context))
        .map(user -> GROUPS.page(call, List.of()));
  }

  /** Takes over a user's objects. Only the right is checked, because users own no objects here. */
  Future<Reply> takeOwnership(Call call) {
    var urn = urn(call);
    return tenancy
        .context(call)
        .compose(context -> findEditable(urn, context))
        .map(user -> Reply.noContent());
  }

  /** Returns users as entities that can have quotas. */
  VcloudQuotas.Target quotaTarget() {
    return new VcloudQuotas.Target(
        (call, context) -> findVisible(urn(call), context).map(user -> reference(user, context)),
        (now, call, context) ->
            in(now).findEditable(urn(call), context).map(user -> reference(user, context)));
  }

  private static EntityReference reference(User user, Context context) {
    return new EntityReference(
        VcloudNames.displayName(user, context.organization()), VcloudUrn.of(user));
  }

  /**
   * Returns the URN of the user in the path.
   *
   * @throws Failure INVALID_ID if it is none
   */
  static VcloudUrn urn(Call call) {
    return VcloudUrn.require(call.parameter("userUrn"), "user");
  }

  /** Finds a user. A missing user and one that the caller may not see get the same error. */
  Future<User> findVisible(VcloudUrn urn, Context context) {
    return find(urn, VcloudErrors.NO_VIEW, user -> context.sees(user, realm.organizations()));
  }

  /** Finds the caller. Fails with {@link VcloudErrors#NO_EDIT} for any other user. */
  Future<User> findSelf(VcloudUrn urn, Context context) {
    return find(urn, VcloudErrors.NO_EDIT, context::isSelf);
  }

  /** Finds a user whom the caller may see and change. Fails with {@link VcloudErrors#NO_EDIT}. */
  Future<User> findEditable(VcloudUrn urn, Context context) {
    return find(
        urn,
        VcloudErrors.NO_EDIT,
        user -> context.sees(user, realm.organizations()) && context.edits(user));
  }

  private Future<User> find(VcloudUrn urn, VendorError error, Predicate<User> isAllowed) {
    return find(urn)
        .map(user -> user.filter(isAllowed).orElseThrow(() -> newException(error, urn)));
  }

  /** Returns an error about a user or an organization. */
  static VendorErrorException newException(VendorError error, VcloudUrn urn) {
    return error.newException(Reason.FORBIDDEN, urn.uuid().toString());
  }

  /**
   * Finds the organization in which a provider sees a user of the older API, whose paths name none:
   * the provider's own for administrators, otherwise the user's home; empty if there is no such
   * user.
   */
  Future<Optional<Organization>> home(VcloudUrn urn) {
    return find(urn)
        .compose(
            user ->
                user.map(
                        found ->
                            (found.administrator() ? realm.organizations().system() : home(found))
                                .map(Optional::of))
                    .orElse(Future.succeededFuture(Optional.empty())));
  }

  private Future<Organization> home(User user) {
    var organizations = realm.organizations();
    return organizations
        .of(user)
        .compose(
            all ->
                all.stream()
                    .filter(one -> VcloudNames.isHome(one, user))
                    .findFirst()
                    .or(() -> all.stream().findFirst())
                    .map(Future::succeededFuture)
                    .orElseGet(organizations::defaultOrganization));
  }

  /** Returns a user as displayed in its home organization, in the newest version. */
  Future<ShownUser> show(User user) {
    return home(user)
        .compose(home -> tenancy.roles(home, List.of(user)))
        .map(roles -> new VcloudUserView(user, roles, VcloudVersion.newest(), true).shown());
  }

  /**
   * Returns the name of the user that a call is about, or empty if the call names no user. That of
   * a user who signs in is without the organization.
   */
  Future<Optional<String>> subject(Call call) {
    var urn =
        call.optionalParameter("userUrn")
            .or(() -> call.optionalParameter("userId").map(uuid -> "urn:vcloud:user:" + uuid))
            .flatMap(VcloudUrn::parseUser);
    if (urn.isPresent()) {
      return find(urn.get()).map(user -> user.map(User::name));
    }
    return Future.succeededFuture(
        call.operation().filter(Operation::open).isPresent()
            ? VcloudSessions.findUserName(call)
            : VcloudApi.isOlder(call)
                ? VcloudOlderUsers.findName(call)
                : call.bodyText("username"));
  }

  /** Finds a user by the id that the URN contains, or by the URN of an imported user. */
  private Future<Optional<User>> find(VcloudUrn urn) {
    var imported = new Alias(VcloudApi.NAME, urn.toString());
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(urn.userId(), imported));
  }

  Future<Reply> changePassword(Call call, PasswordChangeRequest body) {
    var urn = urn(call);
    var current = require("currentPassword", body.currentPassword());
    var wanted =
        VcloudPasswords.requireValid("newPassword", require("newPassword", body.newPassword()));
    return find(urn, VcloudErrors.NO_EDIT, VcloudCaller.of(call)::is)
        .map(VcloudUsers::requireLocal)
        .compose(
            user ->
                realm
                    .users()
                    .changePassword(
                        user.id(),
                        current,
                        call.address(),
                        () -> requireDifferent(wanted, current)))
        .map(changed -> Reply.noContent());
  }

  private static User requireLocal(User user) {
    if (VcloudProfile.of(user).provider() != ProviderType.LOCAL) {
      throw VcloudErrors.newInvalidValueException(
          "Only local users have a password that can be changed.");
    }
    return user;
  }

  private static Password requireDifferent(Password wanted, Password current) {
    if (wanted.clearText().equals(current.clearText())) {
      throw VcloudErrors.newInvalidValueException(
          "The new password must be different from the current password.");
    }
    return wanted;
  }

  private static Password require(String property, @Nullable Password value) {
    if (value == null) {
      throw VcloudErrors.newMissingException(property);
    }
    return value;
  }
}
