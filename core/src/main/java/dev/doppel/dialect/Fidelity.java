package dev.doppel.dialect;

/** The source about a vendor that decides where documentation and product disagree. */
public enum Fidelity {
  /** The vendor's documentation; where it is silent or contradicts itself, its product. */
  DOCUMENTED,
  /** The vendor's product, even where its documentation promises otherwise. */
  OBSERVED
}
