package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.NewUser;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Realm;
import dev.doppel.users.SignIn;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import dev.doppel.workspace.WorkspaceMails.Purpose;
import dev.doppel.workspace.WorkspaceWire.Done;
import dev.doppel.workspace.WorkspaceWire.ForgotPassword;
import dev.doppel.workspace.WorkspaceWire.PasswordByToken;
import dev.doppel.workspace.WorkspaceWire.PasswordUpdate;
import dev.doppel.workspace.WorkspaceWire.Register;
import dev.doppel.workspace.WorkspaceWire.Success;
import dev.doppel.workspace.WorkspaceWire.Verify;
import dev.doppel.workspace.WorkspaceWire.VerifyResend;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Registration, and the password of one's own account: the rest of "User Authentication". */
final class WorkspaceRegistration {

  /** The top-level domain that is reserved to be invalid, so that no mail reaches it (RFC 2606). */
  private static final String INVALID_DOMAIN = ".invalid";

  private final Realm realm;
  private final Users users;
  private final WorkspaceMails mails;
  private final WorkspaceAuth auth;

  WorkspaceRegistration(Realm realm, WorkspaceMails mails, WorkspaceAuth auth) {
    this.realm = realm;
    this.mails = mails;
    this.auth = auth;
    users = realm.users();
  }

  /**
   * Creates an account, which can sign in at once, and sends the mail with whose token it verifies
   * its address.
   */
  Future<Reply> register(Call call, Register body) {
    var email = body.email().toLowerCase(Locale.ROOT);
    if (email.endsWith(INVALID_DOMAIN) || WorkspaceServiceAccounts.isReserved(email)) {
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
        .compose(user -> mails.sendVerification(user, email))
        .map(sent -> Reply.ok(Success.of(new Done(true, "User registered"))));
  }

  private static NewUser newAccount(String email, Register body) {
    var profile =
        WorkspaceProfile.ofNewAccount()
            .withNames(body.firstName(), body.lastName())
            .withNewsletter(body.newsletter())
            .pending();
    if (body.language() != null) {
      profile = profile.withLanguage(body.language());
    }
    return NewUser.named(email)
        .withEmail(email)
        .withFullName(body.firstName() + " " + body.lastName())
        .withExtras(WorkspaceApi.NAME, profile.toJson());
  }

  /**
   * Sends the mail with whose token a forgotten password is replaced. The answer is the same
   * whether or not the address has an account that can get one. Fails with the vendor's 4007 within
   * a minute after a request for the same address.
   */
  Future<Reply> forgotPassword(Call call, ForgotPassword body) {
    var email = body.email(); // as it is: the address of a name has the case of the name
    return users
        .admitMail(call.address())
        .map(
            admitted -> requireNotRepeated("forgot-password for " + email.toLowerCase(Locale.ROOT)))
        .compose(first -> WorkspaceAddress.find(users, email))
        .map(found -> found.filter(this::mayGetPassword).filter(this::admitPasswordMail))
        .compose(
            found ->
                found.isPresent()
                    ? mails.sendForgotPassword(
                        found.get(), WorkspaceAddress.of(found.get()).orElseThrow())
                    : Future.succeededFuture())
        .map(sent -> Reply.ok(Success.of(new Done(true, "Mail sent"))));
  }

  /** Returns whether a user gets a mail: not one whose password another provider verifies. */
  private boolean mayGetPassword(User user) {
    return user.active()
        && WorkspaceAddress.of(user).isPresent()
        && !WorkspaceProfile.of(user).isServiceAccount()
        && !realm.isFromProvider(user);
  }

  /** Counts a mail to a user, of whose other address an error would tell; false if too early. */
  private boolean admitPasswordMail(User user) {
    return realm.outbox().admit("forgot-password of " + user.id(), WorkspaceMails.INTERVAL);
  }

  private Void requireNotRepeated(String action) {
    if (!realm.outbox().admit(action, WorkspaceMails.INTERVAL)) {
      throw WorkspaceErrors.REPEATED_TOO_SOON.newException(Reason.OVERLOADED);
    }
    return null;
  }

  /**
   * Sets a password with the token of a mail or the secret of an account without a password. The
   * mail proves the address, and all sessions of the user end. An address that was not proved
   * before may have been registered by somebody else: then API tokens and the second factor end,
   * too. A password that is refused leaves the token as it is.
   */
  Future<Reply> changePassword(Call call, PasswordByToken body) {
    return findForPassword(realm, body)
        .map(found -> WorkspacePasswords.requireComplex(body.password()))
        .compose(users::hashPassword)
        .compose(
            hash ->
                realm.change(
                    now ->
                        findForPassword(now, body)
                            .compose(
                                found ->
                                    WorkspaceMails.use(now, found)
                                        .compose(used -> setPassword(now, found, hash)))))
        .map(changed -> Reply.ok(Success.of(new Done(true, "Password changed"))));
  }

  private static Future<WorkspaceMails.Found> findForPassword(Realm now, PasswordByToken body) {
    return WorkspaceMails.find(
            now, body.token(), List.of(Purpose.FORGOT_PASSWORD, Purpose.OEM_SECRET))
        .map(found -> found.isFor(Purpose.OEM_SECRET) ? found : found.requireSameAddress());
  }

  private static Future<User> setPassword(
      Realm now, WorkspaceMails.Found found, PasswordHash hash) {
    var user = found.user();
    var profile = WorkspaceProfile.of(user);
    return (profile.isPending() ? now.tokens().endAll(user) : Future.<Void>succeededFuture())
        .compose(
            ended ->
                now.users()
                    .by(now.organizations().authorityOf(user))
                    .update(
                        user.id(),
                        one ->
                            one.withPassword(hash)
                                .withSessionsEnded()
                                .withExtras(
                                    WorkspaceApi.NAME,
                                    afterMail(found, WorkspaceProfile.of(one)).toJson())));
  }

  private static WorkspaceProfile afterMail(WorkspaceMails.Found found, WorkspaceProfile profile) {
    if (found.isFor(Purpose.OEM_SECRET)) {
      return profile; // no mail carried the secret
    }
    return profile.isPending() ? profile.verified().withoutTwoFactorSecret() : profile;
  }

  /** Sends the mail with whose token an address is verified again. */
  Future<Reply> resendVerification(Call call, VerifyResend body) {
    var signIn = new SignIn(body.email(), body.password(), call.address());
    return users
        .admitMail(call.address())
        .compose(admitted -> WorkspaceAddress.find(users, signIn.name()))
        .compose(found -> users.verify(found, signIn))
        .compose(Users::requireActive)
        .compose(
            user -> {
              requireNotRepeated("verify-resend of " + user.id());
              return mails.sendVerification(user, WorkspaceAddress.of(user).orElse(body.email()));
            })
        .map(sent -> Reply.ok(Success.of(new Done(true, "Mail sent"))));
  }

  /**
   * Verifies the address of an account by the token of the mail; or accepts an invitation by its
   * token, for an account that is signed in: the token proves the address, and the sign-in proves
   * the account. Otherwise the consent of an address's owner would admit an account that somebody
   * else registered for it.
   */
  Future<Reply> verify(Call call, Verify body) {
    return users
        .admitMail(call.address())
        .compose(
            admitted ->
                Failure.emptyIf(
                    Reason.NO_CREDENTIALS, auth.caller(call).map(WorkspaceRegistration::token)))
        .compose(
            signedIn ->
                realm.change(
                    now ->
                        WorkspaceMails.find(now, body.token(), List.of(Purpose.VERIFY))
                            .compose(found -> verify(now, found))
                            .recover(
                                Failure.on(
                                    Reason.BAD_CREDENTIALS,
                                    () -> accept(now, body.token(), signedIn)))))
        .map(verified -> Reply.ok(Success.of(new Done(true, "Verified"))));
  }

  private static Token token(Caller caller) {
    return caller.token().orElseThrow();
  }

  /** Accepts an invitation, which is looked for only if the caller is signed in. */
  private static Future<User> accept(Realm now, String token, Optional<Token> signedIn) {
    return signedIn
        .map(
            session ->
                WorkspaceTokens.owner(now, session)
                    .compose(user -> WorkspaceInvitations.accept(now, token, user)))
        .orElseGet(() -> Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS)));
  }

  private static Future<User> verify(Realm now, WorkspaceMails.Found found) {
    return WorkspaceMails.use(now, found.requireSameAddress())
        .compose(
            used ->
                now.users()
                    .by(now.organizations().authorityOf(found.user()))
                    .update(
                        found.user().id(),
                        one ->
                            one.withExtras(
                                WorkspaceApi.NAME, WorkspaceProfile.of(one).verified().toJson())));
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
