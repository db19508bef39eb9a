package dev.doppel;

import dev.doppel.gateway.fault.Faults;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fault that {@link FaultInjection#inject} has planned: its counters, and its removal.
 * Thread-safe.
 *
 * <pre>{@code
 * var fault = doppel.faults().inject(PlannedFault.of(Reason.UNAVAILABLE));
 * // … the application calls Doppel
 * assertThat(fault.strikes()).isEqualTo(3);
 * fault.remove();
 * }</pre>
 */
public final class FaultHandle {

  private final RealmAccess realm;
  private final long id;
  private final PlannedFault plan;

  /** The last status, once this handle has removed the fault. */
  private volatile Faults.@Nullable Status last;

  FaultHandle(RealmAccess realm, Faults.Status planned) {
    this.realm = realm;
    id = planned.id();
    plan = planned.plan();
  }

  /** Returns the ID of the fault, which {@link JournalEntry#fault} names. */
  public long id() {
    return id;
  }

  /** Returns the fault as it was planned. */
  public PlannedFault plan() {
    return plan;
  }

  /**
   * Returns how many calls have got the fault so far, or until its removal.
   *
   * @throws IllegalStateException if the fault was removed by other means, as by a reset
   */
  public long strikes() {
    return status().injected();
  }

  /**
   * Returns how many calls of its scope the fault has seen so far, or until its removal. It sees no
   * more calls after the last of a limited number of strikes.
   *
   * @throws IllegalStateException if the fault was removed by other means, as by a reset
   */
  public long seen() {
    return status().seen();
  }

  private Faults.Status status() {
    var known = last;
    return known != null
        ? known
        : realm
            .findFault(id)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "fault %d was removed; with all others, or by a reset".formatted(id)));
  }

  /** Removes the fault. Removing it again has no effect. */
  public synchronized void remove() {
    Optional<Faults.Status> removed = last == null ? realm.removeFault(id) : Optional.empty();
    removed.ifPresent(status -> last = status);
  }

  /** Returns the ID and the plan. */
  @Override
  public String toString() {
    return "FaultHandle[" + id + ", " + plan + "]";
  }
}
