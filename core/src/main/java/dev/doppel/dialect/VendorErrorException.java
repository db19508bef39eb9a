package dev.doppel.dialect;

import dev.doppel.users.Failure;

/**
 * A failure together with the error that tells it, for what only one vendor has a word for. Made by
 * {@link VendorError#refuse}; actions throw it or fail with it. It carries no stack trace.
 */
public final class VendorErrorException extends RuntimeException {

  private final transient VendorError error;
  private final Failure failure;

  VendorErrorException(VendorError error, Failure failure) {
    super(failure.getMessage(), null, false, false);
    this.error = error;
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }

  /** How a vendor tells it. */
  public VendorError error() {
    return error;
  }

  Reply reply(Call call) {
    return error.reply(call, failure);
  }
}
