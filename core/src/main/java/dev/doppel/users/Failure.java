package dev.doppel.users;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An expected failure of an operation, independent of any vendor. It is the cause of failed
 * futures; a dialect translates it to its vendor's error. It has no stack trace, since it is an
 * answer and not a defect. Immutable.
 */
public final class Failure extends RuntimeException {

  /** The reasons of failures. A dialect has an answer for each of them. */
  public enum Reason {
    /** The request has no credentials, but needs them. */
    NO_CREDENTIALS,
    /** The credentials are malformed or unknown. */
    BAD_CREDENTIALS,
    /** The credentials are no longer valid. */
    EXPIRED_CREDENTIALS,
    /** The credentials are right, but their user is inactive. */
    INACTIVE_USER,
    /** The caller is authenticated, but lacks the right. */
    FORBIDDEN,
    /** The name is unknown or the password is wrong. */
    WRONG_SIGN_IN,
    /** The password is right, but the sign-in needs a second factor as well. */
    NO_SECOND_FACTOR,
    /** The password is right, but the second factor is wrong. */
    WRONG_SECOND_FACTOR,
    /** The current password, which the request has to prove, is wrong. */
    WRONG_PASSWORD,

    NO_SUCH_USER,
    /** The change would leave no active administrator. */
    LAST_ADMINISTRATOR,
    USER_EXISTS,
    USER_ID_EXISTS,
    NO_SUCH_TOKEN,
    NO_SUCH_ROLE,
    ROLE_EXISTS,
    NO_SUCH_ORGANIZATION,
    ORGANIZATION_EXISTS,

    /** The body is not in the format that the operation expects. */
    MALFORMED_BODY,
    /** A value is missing or not allowed; the subject names it. */
    INVALID_VALUE,
    /** An id in the path or query is not of the vendor's form. */
    INVALID_ID,
    /** A new password breaks the vendor's rules. */
    INVALID_PASSWORD,

    NO_SUCH_PATH,
    WRONG_METHOD,
    /** The requested version of the vendor's API is missing or not supported. */
    UNSUPPORTED_VERSION,
    UNSUPPORTED_MEDIA_TYPE,
    BODY_TOO_LARGE,
    HEADERS_TOO_LARGE,
    /** The vendor's product supports it, but Doppel doesn't. */
    NOT_SUPPORTED,

    /** The request was not complete, or its answer not ready, in time. */
    TIMED_OUT,
    /** Too many requests; the same request may succeed later. */
    OVERLOADED,
    /** The store can't be reached or can't write. */
    UNAVAILABLE,
    /** A defect in Doppel. The only reason that is logged as an error. */
    INTERNAL
  }

  private final Reason reason;
  private final Optional<String> subject;

  private Failure(Reason reason, Optional<String> subject, String message, Throwable cause) {
    super(message, cause, false, false);
    this.reason = reason;
    this.subject = subject;
  }

  private Failure(Reason reason, Optional<String> subject, String message) {
    super(message, null, false, false);
    this.reason = reason;
    this.subject = subject;
  }

  public static Failure of(Reason reason) {
    return new Failure(reason, Optional.empty(), reason.name());
  }

  /**
   * Returns a failure with a subject.
   *
   * @param subject such as a name or a field; may be sent to the client, so never a secret
   */
  public static Failure of(Reason reason, String subject) {
    return new Failure(reason, Optional.of(subject), reason + ": " + subject);
  }

  /**
   * Returns a failure with a cause. If the cause is an out-of-memory error, also {@linkplain
   * MemoryErrors#report reports} it.
   *
   * @param cause for the log, never for a client
   */
  public static Failure of(Reason reason, Throwable cause) {
    MemoryErrors.report(cause);
    return new Failure(reason, Optional.empty(), reason + ": " + cause, cause);
  }

  /**
   * Returns a failure with a subject and a cause.
   *
   * @param subject as for {@link #of(Reason, String)}
   * @param cause as for {@link #of(Reason, Throwable)}
   */
  public static Failure of(Reason reason, String subject, Throwable cause) {
    MemoryErrors.report(cause);
    return new Failure(reason, Optional.of(subject), reason + ": " + subject, cause);
  }

  /** Returns the argument if it is a failure, or else an INTERNAL failure with it as the cause. */
  public static Failure from(Throwable thrown) {
    return thrown instanceof Failure failure ? failure : of(Reason.INTERNAL, thrown);
  }

  /** Runs a check, and returns a future that fails if the check throws a failure. */
  static Future<Void> check(Runnable check) {
    try {
      check.run();
      return Future.succeededFuture();
    } catch (Failure failed) {
      return Future.failedFuture(failed);
    }
  }

  /** Returns the future's result, or empty if it fails for this reason; other failures stay. */
  public static <T> Future<Optional<T>> emptyIf(Reason reason, Future<T> future) {
    return future
        .map(Optional::of)
        .recover(on(reason, () -> Future.succeededFuture(Optional.empty())));
  }

  /** For {@link Future#recover}: calls the supplier after a failure for this reason alone. */
  public static <T> Function<Throwable, Future<T>> on(Reason reason, Supplier<Future<T>> recovery) {
    return thrown -> from(thrown).reason() == reason ? recovery.get() : Future.failedFuture(thrown);
  }

  /** For {@link Future#recover}: fails for another reason instead of this one. */
  public static <T> Function<Throwable, Future<T>> replacing(Reason reason, Reason by) {
    return on(reason, () -> Future.failedFuture(of(by)));
  }

  public Reason reason() {
    return reason;
  }

  /** Returns the subject, in words that may be sent to the client. */
  public Optional<String> subject() {
    return subject;
  }
}
