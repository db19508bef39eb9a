package dev.doppel.dialect;

/**
 * An operation of a vendor's reference, to be named in code. Each dialect has an enum of them, from
 * whose constants its table is built.
 */
public interface VendorOperation {

  /** Returns the name of the dialect. */
  String dialect();

  /** Returns the vendor's own name for the operation, unique in its dialect. */
  String operation();
}
