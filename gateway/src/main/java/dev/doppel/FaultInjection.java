package dev.doppel;

import dev.doppel.gateway.control.ControlFaults;
import dev.doppel.gateway.fault.Faults;
import dev.doppel.gateway.realm.HostedRealm;
import java.util.List;

/** What is to go wrong on purpose in one realm. */
public final class FaultInjection {

  private final HostedRealm realm;

  FaultInjection(HostedRealm realm) {
    this.realm = realm;
  }

  /**
   * From now on, calls go wrong as planned.
   *
   * @throws BadRequestException if no call can be meant
   * @throws IllegalStateException if a thousand faults are planned already
   */
  public void inject(PlannedFault fault) {
    ControlFaults.checkScope(realm.dialects(), fault.scope());
    realm.faults().plan(fault);
  }

  /** What is planned, in the order in which it was; spent ones, too. */
  public List<PlannedFault> planned() {
    return realm.faults().all().stream().map(Faults.Status::plan).toList();
  }

  /** From now on, nothing goes wrong on purpose. */
  public void clear() {
    realm.faults().clear();
  }
}
