package dev.doppel.dialect;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;

/** A vendor's error: a failure in, its answer out. */
@FunctionalInterface
public interface VendorError {

  Reply reply(Call call, Failure failure);

  /** Stops an action with this answer, whatever the dialect says to the reason otherwise. */
  default VendorErrorException newException(Reason reason) {
    return new VendorErrorException(this, Failure.of(reason));
  }

  /** As {@link #newException(Reason)}, about something that the answer may name. */
  default VendorErrorException newException(Reason reason, String subject) {
    return new VendorErrorException(this, Failure.of(reason, subject));
  }
}
