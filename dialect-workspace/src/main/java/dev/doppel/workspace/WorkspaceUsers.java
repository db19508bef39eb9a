package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.ShownUser;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Organizations;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import dev.doppel.workspace.WorkspaceWire.Deleted;
import dev.doppel.workspace.WorkspaceWire.PasswordChange;
import dev.doppel.workspace.WorkspaceWire.PasswordChanged;
import dev.doppel.workspace.WorkspaceWire.PersonName;
import dev.doppel.workspace.WorkspaceWire.Success;
import dev.doppel.workspace.WorkspaceWire.UserChange;
import dev.doppel.workspace.WorkspaceWire.UserView;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operations on accounts, the caller's own and others by id: the group "Users". */
final class WorkspaceUsers {

  private static final String ADMIN = "admin";

  private final Realm realm;
  private final Users users;
  private final Organizations organizations;

  WorkspaceUsers(Realm realm) {
    this.realm = realm;
    users = realm.users();
    organizations = realm.organizations();
  }

  Future<Reply> profile(Call call) {
    return view(call.caller().user()).map(view -> Reply.ok(Success.of(view)));
  }

  Future<Reply> get(Call call) {
    return requireAllowed(call).compose(this::view).map(view -> Reply.ok(Success.of(view)));
  }

  Future<Reply> changeOwnPassword(Call call, PasswordChange body) {
    return changePassword(call, call.caller().user(), body);
  }

  /** Changes the password of the user in the path, who is checked before the body is read. */
  Future<Reply> changePassword(Call call) {
    return requireAllowed(call)
        .compose(user -> changePassword(call, user, call.body(PasswordChange.class)));
  }

  /**
   * Finds the user in the path. Fails with NO_SUCH_USER, or FORBIDDEN if the user exists and is not
   * the caller, who is no administrator.
   */
  private Future<User> requireAllowed(Call call) {
    var caller = call.caller().user();
    return WorkspaceId.find(users, call.parameter("userId"))
        .compose(
            user ->
                user.id().equals(caller.id()) || caller.administrator()
                    ? Future.succeededFuture(user)
                    : Future.failedFuture(Failure.of(Reason.FORBIDDEN)));
  }

  /** Changes a password. Administrators need the current password, too. Tokens stay valid. */
  private Future<Reply> changePassword(Call call, User user, PasswordChange body) {
    return users
        .changePassword(
            user.id(),
            body.oldPassword(),
            call.address(),
            () -> WorkspacePasswords.requireComplex(body.newPassword()))
        .map(changed -> Reply.ok(Success.of(PasswordChanged.OK)));
  }

  /**
   * Changes an account. A role is ignored unless an administrator changes that of another account.
   * Fails with FORBIDDEN if that would make a service account something else, whose token would
   * become an administrator's, or something else a service account.
   */
  Future<Reply> update(Call call) {
    return requireAllowed(call)
        .compose(
            user -> {
              var body = call.body(UserChange.class);
              var caller = call.caller().user();
              var mayChangeRole = caller.administrator() && !caller.id().equals(user.id());
              return users
                  .by(call.caller().authority())
                  .update(user.id(), one -> withChange(one, body, mayChangeRole));
            })
        .compose(this::view)
        .map(view -> Reply.ok(Success.of(view)));
  }

  private static User withChange(User user, UserChange body, boolean mayChangeRole) {
    var profile = WorkspaceProfile.of(user);
    var changed = user;
    if (body.firstName() != null || body.lastName() != null) {
      var name = PersonName.of(user, profile);
      var first = Optional.ofNullable(body.firstName()).orElse(name.first());
      var last = Optional.ofNullable(body.lastName()).orElse(name.last());
      profile = profile.withNames(orEmpty(first), orEmpty(last));
      changed = changed.withFullName(Optional.of((orEmpty(first) + " " + orEmpty(last)).strip()));
    }
    if (body.picture() != null) {
      profile = profile.withPicture(body.picture());
    }
    if (body.language() != null) {
      profile = profile.withLanguage(body.language());
    }
    if (mayChangeRole && body.role() != null) {
      var toServiceAccount = body.role().equals(WorkspaceProfile.SERVICE_ACCOUNT);
      if (toServiceAccount != profile.isServiceAccount()) {
        throw WorkspaceErrors.FORBIDDEN.newException(Reason.FORBIDDEN);
      }
      profile = profile.withRole(body.role().equals(ADMIN) ? "user" : body.role());
      changed = changed.withAdministrator(body.role().equals(ADMIN));
    }
    return changed.withExtras(WorkspaceApi.NAME, profile.toJson());
  }

  private static String orEmpty(@Nullable String name) {
    return Objects.requireNonNullElse(name, "");
  }

  /**
   * Returns the name of the user that a call is about, by the id in the path or the address in the
   * body, or empty if the call names no user.
   */
  Future<Optional<String>> subject(Call call) {
    var id =
        call.optionalParameter("userId")
            .or(() -> call.optionalParameter("collaboratorId"))
            .or(() -> call.optionalParameter("serviceAccountId"));
    if (id.isPresent()) {
      return WorkspaceId.find(users, id.get()).map(user -> Optional.of(user.name()));
    }
    var address = call.bodyText("payload", "email").or(() -> call.bodyText("email"));
    return address.isEmpty()
        ? Future.succeededFuture(address)
        : WorkspaceAddress.find(users, address.get())
            .map(found -> found.map(User::name).or(() -> address));
  }

  /** Deletes an account in every dialect, and its tokens. */
  Future<Reply> delete(Call call) {
    return requireAllowed(call)
        .compose(user -> users.by(call.caller().authority()).delete(user.id()))
        .map(deleted -> Reply.ok(Success.of(Deleted.OK)));
  }

  /** Returns a user as this vendor shows it. */
  Future<UserView> view(User user) {
    return organizations.of(user).map(all -> UserView.of(realm, user, all, selected(all)));
  }

  /** Returns the fields of {@link #view}, and where the value of each comes from. */
  Future<ShownUser> show(User user) {
    var profile = WorkspaceProfile.of(user);
    return view(user)
        .map(
            view ->
                new ShownUser.Builder()
                    .id("id", view.id(), user.alias(WorkspaceApi.NAME))
                    .keptOrDerived(user.email().isPresent(), "email", view.email())
                    .keptOrDerived(profile.firstName().isPresent(), "firstName", view.firstName())
                    .keptOrDerived(profile.lastName().isPresent(), "lastName", view.lastName())
                    .kept("fullName", view.fullName())
                    .kept("picture", view.picture())
                    .derived("role", view.role())
                    .keptIf(profile.hasNewsletter(), "newsletter", view.newsletter())
                    .derived("hasPassword", view.hasPassword())
                    .keptIf(
                        profile.twoFactorSecret().isPresent(), "has2FAActive", view.has2FAActive())
                    .derived("ssoUser", view.ssoUser())
                    .derived("organizationId", view.organizationId())
                    .kept("organizations", view.organizations())
                    .keptIf(profile.hasLanguage(), "language", view.language())
                    .keptIf(profile.isPending(), "verificationStatus", view.verificationStatus())
                    .keptIf(profile.lastLogin().isPresent(), "activityTrace", view.activityTrace())
                    .derived("intercomUserHash", view.intercomUserHash())
                    .kept("createdAt", view.createdAt())
                    .kept("updatedAt", view.updatedAt())
                    .lost("status", Optional.of(user.status().name().toLowerCase(Locale.ROOT)))
                    .lost(
                        "roles", Optional.of(user.sortedRoles()).filter(roles -> !roles.isEmpty()))
                    .build(user, WorkspaceApi.NAME));
  }

  /**
   * Returns the selected organization: the default organization, or the first, because no operation
   * that selects one is implemented.
   */
  private Optional<Organization> selected(List<Organization> all) {
    return all.stream()
        .filter(one -> one.kind() == Organization.Kind.DEFAULT)
        .findFirst()
        .or(() -> all.stream().findFirst());
  }
}
