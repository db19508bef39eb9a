package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Organizations;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import dev.doppel.workspace.WorkspaceWire.PasswordChange;
import dev.doppel.workspace.WorkspaceWire.PasswordChanged;
import dev.doppel.workspace.WorkspaceWire.Success;
import dev.doppel.workspace.WorkspaceWire.UserView;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Accounts, the caller's own and others by id: the group "Users". */
final class WorkspaceUsers {

  private final Users users;
  private final Organizations organizations;

  WorkspaceUsers(Realm realm) {
    users = realm.users();
    organizations = realm.organizations();
  }

  Future<Reply> profile(Call call) {
    return view(call.caller().user()).map(view -> Reply.ok(Success.of(view)));
  }

  Future<Reply> get(Call call) {
    return named(call).compose(this::view).map(view -> Reply.ok(Success.of(view)));
  }

  Future<Reply> changeOwnPassword(Call call, PasswordChange body) {
    return change(call.caller().user(), body);
  }

  /** Who is named, and by whom, comes before what the body says. */
  Future<Reply> changePassword(Call call) {
    return named(call).compose(user -> change(user, call.body(PasswordChange.class)));
  }

  /**
   * The user in the path, if it is the caller's own account or the caller looks after all. Fails
   * with NO_SUCH_USER, and only then with FORBIDDEN.
   */
  private Future<User> named(Call call) {
    var caller = call.caller().user();
    return WorkspaceId.find(users, call.parameter("userId"))
        .compose(
            user ->
                user.id().equals(caller.id()) || caller.administrator()
                    ? Future.succeededFuture(user)
                    : Future.failedFuture(Failure.of(Reason.FORBIDDEN)));
  }

  /** Administrators, too, need the account's current password. Tokens stay valid. */
  private Future<Reply> change(User user, PasswordChange body) {
    return users
        .changePassword(user.id(), body.oldPassword(), () -> complex(body.newPassword()))
        .map(changed -> Reply.ok(Success.of(PasswordChanged.OK)));
  }

  private static Password complex(Password password) {
    if (!isComplex(password)) {
      throw Failure.of(Reason.INVALID_PASSWORD);
    }
    return password;
  }

  /** A lower-case letter, an upper-case letter and a digit; the vendor's own rule isn't public. */
  private static boolean isComplex(Password password) {
    return has(password, c -> c >= 'a' && c <= 'z')
        && has(password, c -> c >= 'A' && c <= 'Z')
        && has(password, c -> c >= '0' && c <= '9');
  }

  private static boolean has(Password password, IntPredicate kind) {
    return password.clearText().chars().anyMatch(kind);
  }

  /** The user as this vendor shows it. */
  Future<UserView> view(User user) {
    return organizations.of(user).map(all -> UserView.of(user, all, selected(all)));
  }

  /** No operation selects an organization yet: it is the default one, or else the first. */
  private Optional<Organization> selected(List<Organization> all) {
    return all.stream()
        .filter(organizations::isDefault)
        .findFirst()
        .or(() -> all.stream().findFirst());
  }
}
