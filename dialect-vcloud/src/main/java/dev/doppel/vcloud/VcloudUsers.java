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
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserFilter;
import dev.doppel.vcloud.VcloudProfile.ProviderType;
import dev.doppel.vcloud.VcloudTenancy.Context;
import dev.doppel.vcloud.VcloudWire.PasswordChangeRequest;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finding users, and what one does as oneself (CloudAPI "User Operations"). */
final class VcloudUsers {

  private static final VcloudListing GROUPS =
      new VcloudListing("EntityReferences", List.of("name", "id"));

  private final Realm realm;
  private final VcloudTenancy tenancy;
  private final VcloudRules rules;

  VcloudUsers(Realm realm, VcloudTenancy tenancy, VcloudRules rules) {
    this.realm = realm;
    this.tenancy = tenancy;
    this.rules = rules;
  }

  /** Returns the same operations in a change that is under way. */
  VcloudUsers in(Realm now) {
    return new VcloudUsers(now, new VcloudTenancy(now.organizations()), rules);
  }

  Future<Reply> query(Call call) {
    var paging = VcloudPaging.of(call);
    return tenancy.context(call).compose(context -> page(call, paging, context));
  }

  private Future<Reply> page(Call call, VcloudPaging paging, Context context) {
    var organization = context.organization();
    var version = VcloudVersion.of(call, rules);
    var wanted = new VcloudUserSearch(organization, version).query(call, paging);
    if (!context.manages()) {
      throw VcloudErrors.NO_VIEW.newException(
          Reason.FORBIDDEN, VcloudUrn.of(organization).uuid().toString());
    }
    var members = realm.organizations().membersOf(organization);
    return realm
        .users()
        .list(wanted.matching(new UserFilter.All(List.of(members, wanted.filter()))))
        .map(
            page -> {
              var views =
                  page.items().stream()
                      .map(one -> new VcloudUserView(one, organization, version, true).properties())
                      .toList();
              var reply = Reply.ok(paging.envelope(page.total(), views));
              return paging
                  .linked(reply, call, page.total(), "VcdUsers")
                  .with("Link", VcloudLink.to(call, "/users", "add", "VcdUser"))
                  .with("Link", VcloudLink.toRoot(call));
            });
  }

  Future<Reply> get(Call call) {
    var urn = urn(call);
    return tenancy
        .context(call)
        .compose(context -> seen(urn, context).map(user -> item(call, user, context)));
  }

  private Reply item(Call call, User user, Context context) {
    var reply = Reply.ok(view(call, user, context));
    var self = "/users/" + VcloudUrn.of(user);
    return (context.edits(user)
            ? reply
                .with("Link", VcloudLink.to(call, self, "edit", "VcdUser"))
                .with("Link", VcloudLink.to(call, self, "remove"))
            : reply)
        .with("Link", VcloudLink.to(call, "/users", "up", "VcdUsers"));
  }

  /** The user as the caller sees it there. */
  Object view(Call call, User user, Context context) {
    return new VcloudUserView(
            user, context.organization(), VcloudVersion.of(call, rules), context.manages())
        .properties();
  }

  /** Groups come from outside, and no dialect brings users from there; so nobody has one. */
  Future<Reply> groups(Call call) {
    var urn = urn(call);
    return tenancy
        .context(call)
        .compose(context -> seen(urn, context))
        .map(user -> GROUPS.page(call, List.of()));
  }

  /** Users own nothing here that could be taken; so only the right to is checked. */
  Future<Reply> takeOwnership(Call call) {
    var urn = urn(call);
    return tenancy
        .context(call)
        .compose(context -> edited(urn, context))
        .map(user -> Reply.noContent());
  }

  /** INVALID_ID if the path names no user's URN. */
  static VcloudUrn urn(Call call) {
    return VcloudUrn.required(call.parameter("userUrn"), "user");
  }

  /** The user, if the caller may see it there; else the vendor's one answer for both. */
  Future<User> seen(VcloudUrn urn, Context context) {
    return found(urn, VcloudErrors.NO_VIEW, user -> context.sees(user, realm.organizations()));
  }

  /** The user, if it is the caller. */
  Future<User> self(VcloudUrn urn, Context context) {
    return found(urn, VcloudErrors.NO_EDIT, context::isSelf);
  }

  /** The user, if the caller may see and change it there. */
  Future<User> edited(VcloudUrn urn, Context context) {
    return found(
        urn,
        VcloudErrors.NO_EDIT,
        user -> context.sees(user, realm.organizations()) && context.edits(user));
  }

  private Future<User> found(VcloudUrn urn, VendorError otherwise, Predicate<User> allowed) {
    return find(urn).map(user -> user.filter(allowed).orElseThrow(() -> refused(otherwise, urn)));
  }

  static VendorErrorException refused(VendorError error, VcloudUrn urn) {
    return error.newException(Reason.FORBIDDEN, urn.uuid().toString());
  }

  /** In its home, at the newest version. */
  Future<ShownUser> show(User user) {
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
                    .orElseGet(organizations::defaultOne))
        .map(home -> new VcloudUserView(user, home, VcloudVersion.newest(), true).shown());
  }

  /** The name of the user that a call is about; of one who signs in, without the organisation. */
  Future<Optional<String>> subject(Call call) {
    var urn = call.optionalParameter("userUrn").flatMap(VcloudUrn::parseUser);
    if (urn.isPresent()) {
      return find(urn.get()).map(user -> user.map(User::name));
    }
    return Future.succeededFuture(
        call.operation().filter(Operation::open).isPresent()
            ? VcloudSessions.userName(call)
            : call.bodyText("username"));
  }

  /** By the id that the URN carries, or by the URN it was imported with. */
  private Future<Optional<User>> find(VcloudUrn urn) {
    var imported = new Alias(VcloudApi.NAME, urn.toString());
    return urn.userId()
        .map(id -> Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(id)))
        .orElse(Future.succeededFuture(Optional.empty()))
        .compose(
            user ->
                user.isPresent()
                    ? Future.succeededFuture(user)
                    : Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(imported)));
  }

  Future<Reply> changePassword(Call call, PasswordChangeRequest body) {
    var urn = urn(call);
    var current = required("currentPassword", body.currentPassword());
    var wanted =
        VcloudPasswords.withinLimits("newPassword", required("newPassword", body.newPassword()));
    return found(urn, VcloudErrors.NO_EDIT, user -> user.id().equals(call.caller().user().id()))
        .map(VcloudUsers::local)
        .compose(
            user ->
                realm
                    .users()
                    .changePassword(
                        user.id(), current, call.address(), () -> another(wanted, current)))
        .map(changed -> Reply.noContent());
  }

  private static User local(User user) {
    if (VcloudProfile.of(user).provider() != ProviderType.LOCAL) {
      throw VcloudErrors.bad("Only local users have a password that can be changed.");
    }
    return user;
  }

  private static Password another(Password wanted, Password current) {
    if (wanted.clearText().equals(current.clearText())) {
      throw VcloudErrors.bad("The new password must be different from the current password.");
    }
    return wanted;
  }

  private static Password required(String property, @Nullable Password value) {
    if (value == null) {
      throw VcloudErrors.missing(property);
    }
    return value;
  }
}
