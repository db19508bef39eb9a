package dev.doppel.dialect;

import dev.doppel.users.Failure;

/**
 * A failure together with the fault that tells it, for what only one vendor has a word for. Made by
 * {@link Fault#refuse}; actions throw it or fail with it. It carries no stack trace.
 */
public final class Refusal extends RuntimeException {

  private final transient Fault fault;
  private final Failure failure;

  Refusal(Fault fault, Failure failure) {
    super(failure.getMessage(), null, false, false);
    this.fault = fault;
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }

  /** How a vendor tells it. */
  public Fault fault() {
    return fault;
  }

  Reply tell(Call call) {
    return fault.tell(call, failure);
  }
}
