package dev.doppel.users;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What went wrong, in our words. It travels in failed futures; a dialect tells it in its vendor's
 * words. It carries no stack trace, for it is an answer, not a defect.
 */
public final class Failure extends RuntimeException {

  /** Everything that can go wrong. A dialect answers every one of them. */
  public enum Reason {
    /** No credentials came with a request that needs them. */
    NO_CREDENTIALS,
    /** Credentials came, but can't be read or belong to nobody. */
    BAD_CREDENTIALS,
    /** Credentials came that were good once. */
    EXPIRED_CREDENTIALS,
    /** The user exists and its credentials are right, but it has been made inactive. */
    INACTIVE_USER,
    /** The caller is known and lacks the right. */
    FORBIDDEN,
    /** Name and password to sign in don't belong together. */
    WRONG_SIGN_IN,
    /** The current password, asked for as a proof, is not the user's. */
    WRONG_PASSWORD,

    NO_SUCH_USER,
    /** The change would leave nobody who can administer the others. */
    LAST_ADMINISTRATOR,
    USER_EXISTS,
    USER_ID_EXISTS,
    NO_SUCH_TOKEN,
    NO_SUCH_ROLE,
    ROLE_EXISTS,
    NO_SUCH_ORGANIZATION,
    ORGANIZATION_EXISTS,

    /** The body is not in the format the operation reads. */
    MALFORMED_BODY,
    /** A value is missing or not allowed; the subject names it. */
    INVALID_VALUE,
    /** An id in the path or query is not of the vendor's form. */
    INVALID_ID,
    /** A new password breaks the vendor's rules. */
    INVALID_PASSWORD,

    NO_SUCH_PATH,
    WRONG_METHOD,
    /** The vendor's API version that was asked for is not spoken, or was not said. */
    UNSUPPORTED_VERSION,
    UNSUPPORTED_MEDIA_TYPE,
    BODY_TOO_LARGE,
    HEADERS_TOO_LARGE,
    /** The vendor has it, we don't. */
    NOT_SUPPORTED,

    /** The request did not arrive whole, or could not be served, in time. */
    TIMED_OUT,
    /** Too much to do; the same request may succeed later. */
    OVERLOADED,
    /** The store can't be reached or can't write. */
    UNAVAILABLE,
    /** A defect. The only reason that is logged as an error. */
    INTERNAL
  }

  private final Reason reason;
  private final Optional<String> subject;

  private Failure(Reason reason, Optional<String> subject, String note, Throwable cause) {
    super(note, cause, false, false);
    this.reason = reason;
    this.subject = subject;
  }

  private Failure(Reason reason, Optional<String> subject, String note) {
    super(note, null, false, false);
    this.reason = reason;
    this.subject = subject;
  }

  public static Failure of(Reason reason) {
    return new Failure(reason, Optional.empty(), reason.name());
  }

  /**
   * A failure that is about something.
   *
   * @param subject what it is about, such as a name or a field; may be shown to the client, so
   *     never a secret
   */
  public static Failure of(Reason reason, String subject) {
    return new Failure(reason, Optional.of(subject), reason + ": " + subject);
  }

  /**
   * A failure that something else brought about. An out-of-memory error is {@linkplain
   * MemoryErrors#report reported} as well, since no answer is enough for it.
   *
   * @param cause for our log, never for a client
   */
  public static Failure of(Reason reason, Throwable cause) {
    MemoryErrors.report(cause);
    return new Failure(reason, Optional.empty(), reason + ": " + cause, cause);
  }

  /**
   * A failure that is about something, and that something else brought about.
   *
   * @param subject as for {@link #of(Reason, String)}
   * @param cause for our log, never for a client
   */
  public static Failure of(Reason reason, String subject, Throwable cause) {
    MemoryErrors.report(cause);
    return new Failure(reason, Optional.of(subject), reason + ": " + subject, cause);
  }

  /** The failure itself if it is one, or INTERNAL for anything that no one foresaw. */
  public static Failure from(Throwable thrown) {
    return thrown instanceof Failure failure ? failure : of(Reason.INTERNAL, thrown);
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

  /** What it is about, in words that may be shown to the client. */
  public Optional<String> subject() {
    return subject;
  }
}
