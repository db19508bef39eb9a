package dev.doppel;

import dev.doppel.gateway.control.ControlFaults;
import dev.doppel.gateway.fault.Faults;
import dev.doppel.gateway.realm.HostedRealm;
import java.util.List;

/** The planned faults of one realm. Thread-safe. */
public final class FaultInjection {

  private final HostedRealm realm;

  FaultInjection(HostedRealm realm) {
    this.realm = realm;
  }

  /**
   * Plans a fault for calls from now on.
   *
   * @throws BadRequestException if its dialect isn't served or has no such operation
   * @throws IllegalStateException if 1000 faults that can still occur are planned already
   */
  public void inject(PlannedFault fault) {
    ControlFaults.checkScope(realm.dialects(), fault.scope());
    realm.faults().plan(fault);
  }

  /** Returns all faults in the order in which they were planned, used-up ones included. */
  public List<PlannedFault> planned() {
    return realm.faults().all().stream().map(Faults.Status::plan).toList();
  }

  /** Removes all faults. */
  public void clear() {
    realm.faults().clear();
  }
}
