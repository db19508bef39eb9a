package dev.doppel.dialect;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;

/** A vendor's error: a failure in, its answer out. */
@FunctionalInterface
public interface Fault {

  Reply tell(Call call, Failure failure);

  /** Stops an action with this answer, whatever the dialect says to the reason otherwise. */
  default Refusal refuse(Reason reason) {
    return new Refusal(this, Failure.of(reason));
  }

  /** As {@link #refuse(Reason)}, about something that the answer may name. */
  default Refusal refuse(Reason reason, String subject) {
    return new Refusal(this, Failure.of(reason, subject));
  }
}
