package dev.doppel.dialect;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;

/** How a vendor reports a failure. */
@FunctionalInterface
public interface VendorError {

  /** Returns the vendor's response to a failure. */
  Reply reply(Call call, Failure failure);

  /**
   * Creates an exception that stops an action with this error instead of the dialect's usual one
   * for the reason.
   */
  default VendorErrorException newException(Reason reason) {
    return new VendorErrorException(this, Failure.of(reason));
  }

  /** As {@link #newException(Reason)}, with a subject that the response may name. */
  default VendorErrorException newException(Reason reason, String subject) {
    return new VendorErrorException(this, Failure.of(reason, subject));
  }
}
