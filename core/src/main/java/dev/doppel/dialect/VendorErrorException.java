package dev.doppel.dialect;

import dev.doppel.users.Failure;

/**
 * A failure together with the vendor's error that reports it, for failures that only one vendor
 * distinguishes. Created by {@link VendorError#newException}; actions throw it or fail with it. It
 * has no stack trace.
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

  /** The vendor's error that reports the failure. */
  public VendorError error() {
    return error;
  }
}
