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

/** Registration, and the password of one's own account: the rest of "User Authentication". */
final class WorkspaceRegistration {

  /** The top-level domain that is reserved to be invalid, so that no mail reaches it (RFC 2606). */
  private static final String INVALID_DOMAIN = ".invalid";

  private final Users users;

  WorkspaceRegistration(Users users) {
    this.users = users;
  }

  /** Creates an account. It counts as verified at once, because no confirmation mail is sent. */
  Future<Reply> register(Call call, Register body) {
    var email = body.email().toLowerCase(Locale.ROOT);
    if (email.endsWith(INVALID_DOMAIN)) {
      throw WorkspaceErrors.INVALID_EMAIL_DOMAIN.newException(Reason.INVALID_VALUE);
    }
    var password = WorkspacePasswords.requireComplex(body.password());
    // Found first only to avoid hashing: the store refuses a name that is another user's address.
    return users
        .admitRegistration(call.address())
        .compose(admitted -> WorkspaceAddress.find(users, email))
        .compose(
            found ->
                found.isPresent()
                    ? Future.<User>failedFuture(Failure.of(Reason.USER_EXISTS, email))
                    : users
                        .by(Authority.NONE)
                        .create(newAccount(email, body).withPassword(password)))
        .map(user -> Reply.ok(Success.of(new Done(true, "User registered"))));
  }

  private static NewUser newAccount(String email, Register body) {
    var profile =
        WorkspaceProfile.ofNewAccount()
            .withNames(body.firstName(), body.lastName())
            .withNewsletter(body.newsletter());
    if (body.language() != null) {
      profile = profile.withLanguage(body.language());
    }
    return NewUser.named(email)
        .withEmail(email)
        .withFullName(body.firstName() + " " + body.lastName())
        .withExtras(WorkspaceApi.NAME, profile.toJson());
  }

  /**
   * Changes the caller's password, as {@link WorkspaceUsers#changeOwnPassword} with other errors.
   */
  Future<Reply> updatePassword(Call call, PasswordUpdate body) {
    return users
        .changePassword(
            call.caller().user().id(),
            body.password(),
            call.address(),
            () -> WorkspacePasswords.requireComplex(body.newPassword()))
        .map(changed -> Reply.ok(Success.of(new Done(true, "Password updated"))));
  }
}
