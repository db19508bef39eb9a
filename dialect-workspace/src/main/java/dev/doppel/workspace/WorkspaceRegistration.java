package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.NewUser;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import dev.doppel.workspace.WorkspaceWire.Done;
import dev.doppel.workspace.WorkspaceWire.PasswordUpdate;
import dev.doppel.workspace.WorkspaceWire.Register;
import dev.doppel.workspace.WorkspaceWire.Success;
import io.vertx.core.Future;
import java.util.Locale;

/** Making one's own account, and keeping it: the rest of the group "User Authentication". */
final class WorkspaceRegistration {

  /** Set aside so that nothing is ever delivered there (RFC 2606). */
  private static final String NO_DOMAIN = ".invalid";

  private final Users users;

  WorkspaceRegistration(Users users) {
    this.users = users;
  }

  /**
   * There is no mailbox here in which a new account could be confirmed, so it is confirmed at once.
   */
  Future<Reply> register(Call call, Register body) {
    var email = body.email().toLowerCase(Locale.ROOT);
    if (email.endsWith(NO_DOMAIN)) {
      throw WorkspaceErrors.INVALID_EMAIL_DOMAIN.newException(Reason.INVALID_VALUE);
    }
    var password = WorkspacePasswords.complex(body.password());
    // Found first only to spare the hashing: the store keeps no name that is another's address.
    return users
        .admitRegistration(call.address())
        .compose(admitted -> WorkspaceAddress.find(users, email))
        .compose(
            known ->
                known.isPresent()
                    ? Future.<User>failedFuture(Failure.of(Reason.USER_EXISTS, email))
                    : users.by(Authority.NONE).create(account(email, body).withPassword(password)))
        .map(user -> Reply.ok(Success.of(new Done(true, "User registered"))));
  }

  private static NewUser account(String email, Register body) {
    var profile =
        WorkspaceProfile.fresh()
            .withNames(body.firstName(), body.lastName())
            .withNewsletter(body.newsletter());
    if (body.language() != null) {
      profile = profile.withLanguage(body.language());
    }
    return NewUser.named(email)
        .withEmail(email)
        .withFullName(body.firstName() + " " + body.lastName())
        .withExtras(WorkspaceApi.NAME, profile.json());
  }

  /** As changing the password of one's profile, with other errors. */
  Future<Reply> updatePassword(Call call, PasswordUpdate body) {
    return users
        .changePassword(
            call.caller().user().id(),
            body.password(),
            call.address(),
            () -> WorkspacePasswords.complex(body.newPassword()))
        .map(changed -> Reply.ok(Success.of(new Done(true, "Password updated"))));
  }
}
