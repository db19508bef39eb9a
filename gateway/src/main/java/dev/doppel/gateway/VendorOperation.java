package dev.doppel.gateway;

/** One line of a vendor's reference, to be named in code. */
public interface VendorOperation {

  /** Name of the dialect. */
  String dialect();

  /** The vendor's own name for it. */
  String operation();
}
