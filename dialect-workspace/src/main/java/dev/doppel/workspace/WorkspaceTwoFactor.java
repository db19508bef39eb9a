package dev.doppel.workspace;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.OneTimeCode;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.SignIn;
import dev.doppel.users.User;
import dev.doppel.workspace.WorkspaceWire.Activated;
import dev.doppel.workspace.WorkspaceWire.Success;
import dev.doppel.workspace.WorkspaceWire.TwoFactorActivation;
import dev.doppel.workspace.WorkspaceWire.TwoFactorDeactivation;
import dev.doppel.workspace.WorkspaceWire.TwoFactorSecret;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.binary.Base32;

/**
 * Two-factor authentication by codes of an authenticator app: TOTP (RFC 6238) with six digits and
 * 30 seconds, on the realm's clock. A sign-in takes the codes of the step before and after as well,
 * but each only once, and none from before the last one. It is a matter of this dialect: a sign-in
 * through another one needs the password alone.
 */
final class WorkspaceTwoFactor {

  private static final Duration STEP = Duration.ofSeconds(30);
  private static final int STEPS_AROUND = 1;

  /** As RFC 4226 recommends. */
  private static final int SECRET_BYTES = 20;

  /** The forms of secrets that are activated: at least 80 bits. */
  private static final Pattern SECRET = Pattern.compile("[A-Z2-7]{16,64}");

  private static final String ISSUER = "Applivery";

  /**
   * The maximum length of the encoded address in a URI. The page limits each text to 500
   * characters; a QR code of a longer URI would be a longer text.
   */
  private static final int MAX_LABEL = 41;

  private final Realm realm;
  private final Clock clock;
  private final TimeBasedOneTimePasswordGenerator codes =
      new TimeBasedOneTimePasswordGenerator(STEP);

  WorkspaceTwoFactor(Realm realm) {
    this.realm = realm;
    clock = realm.clock();
  }

  /** Generates a secret for the caller, which takes effect when it is activated. */
  Future<Reply> generate(Call call) {
    var secret = new Base32().encodeToString(realm.secrets().bytes(SECRET_BYTES)).replace("=", "");
    var uri = uri(call.caller().user(), secret);
    return Future.succeededFuture(
        Reply.ok(Success.of(new TwoFactorSecret(secret, QrImage.dataUri(uri), uri))));
  }

  private static String uri(User user, String secret) {
    var label = new StringBuilder();
    var address = WorkspaceAddress.of(user).orElse("");
    for (var point : address.codePoints().toArray()) {
      var encoded = URLEncoder.encode(Character.toString(point), StandardCharsets.UTF_8);
      if (label.length() + encoded.length() > MAX_LABEL) {
        break; // only a label: the secret identifies the account
      }
      label.append(encoded.replace("+", "%20"));
    }
    return "otpauth://totp/%s:%s?secret=%s".formatted(ISSUER, label, secret);
  }

  /**
   * Makes the caller's sign-ins need codes of a secret, which the caller proves to have. Fails with
   * WRONG_SECOND_FACTOR, and with the vendor's 4003 if there is a secret already: it is replaced
   * only after a deactivation, which needs the password.
   */
  Future<Reply> activate(Call call, TwoFactorActivation body) {
    var user = call.caller().user();
    if (WorkspaceProfile.of(user).twoFactorSecret().isPresent()) {
      throw WorkspaceErrors.FORBIDDEN.newException(Reason.FORBIDDEN);
    }
    if (!SECRET.matcher(body.secret()).matches()) {
      throw Failure.of(Reason.WRONG_SECOND_FACTOR);
    }
    return realm
        .users()
        .verifySecondFactor(
            user, call.address(), () -> step(body.secret(), body.twoFactorCode()).isPresent())
        .compose(
            right ->
                realm
                    .users()
                    .by(call.caller().authority())
                    .update(user.id(), one -> withSecret(one, body.secret())))
        .map(activated -> Reply.ok(Success.of(Activated.OK)));
  }

  private static User withSecret(User user, String secret) {
    var profile = WorkspaceProfile.of(user);
    if (profile.twoFactorSecret().isPresent()) {
      throw WorkspaceErrors.FORBIDDEN.newException(Reason.FORBIDDEN);
    }
    return user.withExtras(WorkspaceApi.NAME, profile.withTwoFactorSecret(secret).toJson());
  }

  /**
   * Makes the caller's sign-ins need the password alone. Fails with NO_SUCH_USER if they do
   * already, and with WRONG_SIGN_IN if the password is wrong.
   */
  Future<Reply> deactivate(Call call) {
    var body = call.body(TwoFactorDeactivation.class);
    var user = call.caller().user();
    if (WorkspaceProfile.of(user).twoFactorSecret().isEmpty()) {
      throw Failure.of(Reason.NO_SUCH_USER, user.name());
    }
    return realm
        .users()
        .verify(Optional.of(user), new SignIn(user.name(), body.password(), call.address()))
        .compose(
            verified ->
                realm
                    .users()
                    .by(call.caller().authority())
                    .update(
                        user.id(),
                        one ->
                            one.withExtras(
                                WorkspaceApi.NAME,
                                WorkspaceProfile.of(one).withoutTwoFactorSecret().toJson())))
        .map(deactivated -> Reply.ok(Success.of(Activated.OK)));
  }

  /**
   * A user who has given what a sign-in needs.
   *
   * @param step the time step of the code; empty if none was needed
   */
  record Passed(User user, OptionalLong step) {

    /**
     * Returns a profile of the user in which the code is used.
     *
     * @throws Failure WRONG_SECOND_FACTOR if it has been used meanwhile
     */
    WorkspaceProfile use(WorkspaceProfile profile) {
      if (step.isEmpty()) {
        return profile;
      }
      if (isUsed(profile, step.getAsLong())) {
        throw Failure.of(Reason.WRONG_SECOND_FACTOR);
      }
      return profile.withTwoFactorStep(step.getAsLong());
    }
  }

  /**
   * Checks the code of a sign-in whose password was right, and which uses the code up by {@link
   * Passed#use}. Fails with NO_SECOND_FACTOR if it is missing, or as {@link
   * dev.doppel.users.Users#verifySecondFactor}.
   */
  Future<Passed> verify(User user, Optional<String> code, String address) {
    var profile = WorkspaceProfile.of(user);
    var secret = profile.twoFactorSecret();
    if (secret.isEmpty()) {
      return Future.succeededFuture(new Passed(user, OptionalLong.empty()));
    }
    if (code.isEmpty()) {
      return Future.failedFuture(Failure.of(Reason.NO_SECOND_FACTOR));
    }
    var step = step(secret.get(), code.get());
    return realm
        .users()
        .verifySecondFactor(
            user, address, () -> step.isPresent() && !isUsed(profile, step.getAsLong()))
        .map(right -> new Passed(user, step));
  }

  /** Returns whether the code of a step, or of a later one, has been used (RFC 6238, 5.2). */
  private static boolean isUsed(WorkspaceProfile profile, long step) {
    var last = profile.twoFactorStep();
    // A clock that was set back is not held up by steps that are still to come.
    return last.isPresent()
        && step <= last.getAsLong()
        && last.getAsLong() <= step + 2L * STEPS_AROUND;
  }

  /**
   * Returns the code that a sign-in of the user takes now: that of the next step if the current
   * one's has been used. Empty if it takes none.
   */
  Optional<OneTimeCode> code(User user) {
    var profile = WorkspaceProfile.of(user);
    var current = currentStep();
    var step = isUsed(profile, current) ? current + STEPS_AROUND : current;
    return profile
        .twoFactorSecret()
        .map(secret -> new OneTimeCode(code(secret, step), start(step + 1)));
  }

  private long currentStep() {
    return Math.floorDiv(clock.instant().getEpochSecond(), STEP.toSeconds());
  }

  private static Instant start(long step) {
    return Instant.ofEpochSecond(step * STEP.toSeconds());
  }

  /** Returns the latest step of those that are taken now whose code this is. */
  private OptionalLong step(String secret, String code) {
    var current = currentStep();
    var given = code.getBytes(StandardCharsets.UTF_8);
    // Compares with all of them, in constant time.
    return LongStream.rangeClosed(current - STEPS_AROUND, current + STEPS_AROUND)
        .filter(
            step ->
                MessageDigest.isEqual(given, code(secret, step).getBytes(StandardCharsets.UTF_8)))
        .max();
  }

  private String code(String secret, long step) {
    try {
      var key = new SecretKeySpec(new Base32().decode(secret), codes.getAlgorithm());
      return codes.generateOneTimePasswordString(key, start(step), Locale.ROOT);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("every key is one of " + codes.getAlgorithm(), e);
    }
  }
}
