package dev.doppel;

import dev.doppel.gateway.fault.Faults;
import java.util.List;

/** The planned faults of one realm. Thread-safe. */
public final class FaultInjection {

  private final RealmAccess realm;

  FaultInjection(RealmAccess realm) {
    this.realm = realm;
  }

  /**
   * Plans a fault for calls from now on.
   *
   * @return a handle that counts the calls that get the fault, and removes it
   * @throws BadRequestException if its dialect isn't served or has no such operation
   * @throws IllegalStateException if 1000 faults that can still occur are planned already
   */
  public FaultHandle inject(PlannedFault fault) {
    return new FaultHandle(realm, realm.planFault(fault));
  }

  /** Returns all faults in the order in which they were planned, used-up ones included. */
  public List<PlannedFault> planned() {
    return realm.faults().stream().map(Faults.Status::plan).toList();
  }

  /** Removes all faults. */
  public void clear() {
    realm.clearFaults();
  }
}
