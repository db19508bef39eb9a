package dev.doppel.dialect;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides for one call between the vendor's documentation and its product, and keeps the
 * differences in which the answer deviates from the product's. Used by one thread at a time; others
 * may read it.
 */
public final class Deviations {

  private final Fidelity fidelity;
  private volatile List<Difference> all = List.of();

  public Deviations(Fidelity fidelity) {
    this.fidelity = fidelity;
  }

  /**
   * Returns whether the call is answered as documented in a difference, and marks the call if it
   * is. Must be asked only where the product's answer to the call would be another.
   */
  public boolean asDocumented(Difference difference) {
    if (!followsDocumentation()) {
      return false;
    }
    if (!all.contains(difference)) {
      var more = new ArrayList<>(all);
      more.add(difference);
      all = List.copyOf(more);
    }
    return true;
  }

  /** Returns one of two values as {@link #asDocumented} decides; equal values mark nothing. */
  public <T> T choose(Difference difference, T documented, T observed) {
    return !documented.equals(observed) && asDocumented(difference) ? documented : observed;
  }

  boolean followsDocumentation() {
    return fidelity == Fidelity.DOCUMENTED;
  }

  /** Returns the differences in which the answer deviates so far, in the order of decisions. */
  public List<Difference> list() {
    return all;
  }
}
