package dev.doppel.users;

import java.util.HexFormat;

/** The id of an organization: 64 bits, never zero. */
public record OrganizationId(long value) {

  /**
   * @throws IllegalArgumentException if the value is zero
   */
  public OrganizationId {
    if (value == 0) {
      throw new IllegalArgumentException("an organization id is never zero");
    }
  }

  /** Returns 16 lower-case hex digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(value);
  }
}
