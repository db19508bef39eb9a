package dev.doppel.dialect;

/** Which of two sources about a vendor decides where they disagree. */
public enum Fidelity {
  /** The vendor's documentation; where it is silent or contradicts itself, its product. */
  DOCUMENTED,
  /** What the vendor's product does, also where its documentation promises otherwise. */
  OBSERVED
}
