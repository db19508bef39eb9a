package dev.doppel.dialect;

import java.time.Instant;

/**
 * The code that completes a sign-in as its second factor. Immutable.
 *
 * @param expires when the next code replaces it, by the realm's clock
 */
public record OneTimeCode(String code, Instant expires) {

  /** Omits the code. */
  @Override
  public String toString() {
    return "OneTimeCode[until " + expires + "]";
  }
}
