package dev.doppel.workspace;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Mail;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.Tokens.NewToken;
import dev.doppel.users.User;
import dev.doppel.workspace.WorkspaceExtras.OfMailToken;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Mails, and the tokens that they carry. A token is stored as a hash, is valid once and for a
 * limited time, and authenticates no request. It ends with the user, and when the user is
 * deactivated or gets another password in any dialect.
 */
final class WorkspaceMails {

  /** How long a mail of one kind to one address precludes another. */
  static final Duration INTERVAL = Duration.ofMinutes(1);

  /** How long an invitation is valid. */
  static final Duration INVITATION_LIFETIME = Duration.ofDays(30);

  /**
   * The dialect that these tokens are valid in, which is none: whatever dialect gets one as
   * credentials doesn't know it.
   */
  private static final String NO_DIALECT = "workspace-mail";

  private static final int SECRET_BYTES = 40;
  private static final int MAX_SHOWN_NAME = 200;

  /** What a user does with a token. */
  enum Purpose {
    /**
     * Everybody may ask for one, so it doesn't end those before: a stranger could keep a user from
     * ever using one. All end when one of them is used.
     */
    FORGOT_PASSWORD("forgot-password", Duration.ofHours(1)),
    VERIFY("verify", Duration.ofDays(1)),
    /** The secret of an account without a password, with which it gets its first one. */
    OEM_SECRET("oem-secret", Duration.ofDays(30));

    private final String name;
    private final Duration life;

    Purpose(String name, Duration life) {
      this.name = name;
      this.life = life;
    }
  }

  private final Realm realm;

  WorkspaceMails(Realm realm) {
    this.realm = realm;
  }

  /** Sends the mail with which a user sets a new password. */
  Future<Void> sendForgotPassword(User user, String address) {
    return issue(user, Purpose.FORGOT_PASSWORD, address)
        .map(
            token ->
                send(
                    Purpose.FORGOT_PASSWORD.name,
                    address,
                    Optional.of(user),
                    "Set a new password",
                    "Set a new password with the token " + token + " within an hour.",
                    Optional.of(token)));
  }

  /** Sends the mail with which a user proves to own an address. */
  Future<Void> sendVerification(User user, String address) {
    return issue(user, Purpose.VERIFY, address)
        .map(
            token ->
                send(
                    Purpose.VERIFY.name,
                    address,
                    Optional.of(user),
                    "Verify your e-mail address",
                    "Verify your e-mail address with the token " + token + " within a day.",
                    Optional.of(token)));
  }

  /**
   * Sends an invitation.
   *
   * @param user who has the address; empty if there is none yet
   */
  Void sendInvitation(
      Organization organization, String address, Optional<User> user, String token) {
    var name = organization.name();
    var shown = name.length() > MAX_SHOWN_NAME ? name.substring(0, MAX_SHOWN_NAME) + "…" : name;
    return send(
        "invitation",
        address,
        user,
        "You are invited to " + shown,
        "Register with this address unless you have an account, sign in, and accept the invitation"
            + " with the token "
            + token
            + ".",
        Optional.of(token));
  }

  private Void send(
      String kind,
      String address,
      Optional<User> user,
      String subject,
      String text,
      Optional<String> token) {
    realm
        .outbox()
        .send(
            new Mail(WorkspaceApi.NAME, kind, address, user.map(User::name), subject, text, token));
    return null;
  }

  /** Returns a new secret in the form of these tokens. */
  static String newSecret(Realm now) {
    return now.secrets().hex(SECRET_BYTES);
  }

  /** Issues the secret with which an account sets its first password. */
  static Future<String> issueOemSecret(Realm now, User user) {
    return issue(now, user, Purpose.OEM_SECRET, "");
  }

  private Future<String> issue(User user, Purpose purpose, String address) {
    return realm.change(now -> issue(now, user, purpose, address));
  }

  /**
   * Issues a token, and ends the user's earlier ones for the same purpose, except for {@link
   * Purpose#FORGOT_PASSWORD}, of which there are as many as minutes in their life.
   */
  private static Future<String> issue(Realm now, User user, Purpose purpose, String address) {
    var secret = newSecret(now);
    var expires = now.clock().instant().truncatedTo(ChronoUnit.MICROS).plus(purpose.life);
    var extras = OfMailToken.of(purpose.name, address, user).toJson();
    var earlier =
        purpose == Purpose.FORGOT_PASSWORD
            ? Future.<Void>succeededFuture()
            : endAll(now, user, purpose);
    return earlier
        .compose(
            ended ->
                now.tokens()
                    .issueAll(
                        List.of(
                            new NewToken(
                                TokenHash.of(secret),
                                user,
                                Optional.of(NO_DIALECT),
                                Status.ACTIVE,
                                Optional.of(expires),
                                purpose.name,
                                Map.of(WorkspaceApi.NAME, extras)))))
        .map(issued -> secret);
  }

  private static Future<Void> endAll(Realm now, User user, Purpose purpose) {
    return now.tokens()
        .list(user, NO_DIALECT)
        .compose(
            all ->
                Future.all(
                    all.stream()
                        .filter(token -> isFor(token, purpose))
                        .map(token -> now.tokens().end(token))
                        .toList()))
        .mapEmpty();
  }

  private static boolean isFor(Token token, Purpose purpose) {
    return OfMailToken.of(token)
        .filter(extras -> extras.purpose().equals(purpose.name))
        .isPresent();
  }

  /** A token that a client sent back, and its owner. */
  record Found(Token token, User user, OfMailToken extras) {

    boolean isFor(Purpose purpose) {
      return extras.purpose().equals(purpose.name);
    }

    /**
     * Returns this token if its owner still has the address that the mail was sent to.
     *
     * @throws Failure BAD_CREDENTIALS if the address has changed, of which the mail proves nothing
     */
    Found requireSameAddress() {
      if (!WorkspaceAddress.of(user).equals(Optional.of(extras.address()))) {
        throw Failure.of(Reason.BAD_CREDENTIALS);
      }
      return this;
    }
  }

  /**
   * Finds a token with its owner. Fails with BAD_CREDENTIALS if there is none for one of these
   * purposes, or if it has ended, expired or been used; and with EXPIRED_CREDENTIALS.
   */
  static Future<Found> find(Realm now, String secret, List<Purpose> purposes) {
    return now.tokens()
        .find(secret, NO_DIALECT)
        .compose(
            token -> {
              var extras = OfMailToken.of(token);
              return extras.isPresent() && purposes.stream().anyMatch(one -> isFor(token, one))
                  ? now.users()
                      .authenticate(token, Reason.BAD_CREDENTIALS)
                      .map(user -> new Found(token, user, extras.get()))
                  : Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS));
            })
        .map(
            found -> {
              if (!found.extras.hasPasswordOf(found.user)
                  || found.token.ownerEpoch() != found.user.sessionEpoch()) {
                throw Failure.of(Reason.BAD_CREDENTIALS);
              }
              return found;
            });
  }

  /**
   * Ends a token that was used. Of concurrent calls, one succeeds; the others fail as find does.
   */
  static Future<Token> use(Realm now, Found found) {
    return now.tokens()
        .end(found.token)
        .recover(Failure.replacing(Reason.NO_SUCH_TOKEN, Reason.BAD_CREDENTIALS));
  }
}
