package dev.doppel.users;

import java.util.HexFormat;
import java.util.Optional;

/**
 * The id of a user: 64 bits, never zero, compared as unsigned. Ids from {@link Ids} are in order of
 * creation. Immutable.
 *
 * <p>Every dialect formats and parses these bits in its vendor's form, so none needs a lookup
 * table.
 */
public record UserId(long value) implements Comparable<UserId> {

  /**
   * @throws IllegalArgumentException if the value is zero
   */
  public UserId {
    if (value == 0) {
      throw new IllegalArgumentException("a user id is never zero");
    }
  }

  /** Parses exactly 16 hex digits of either case; returns empty for anything else and for zero. */
  public static Optional<UserId> parse(String text) {
    if (text.length() != 16 || !text.chars().allMatch(HexFormat::isHexDigit)) {
      return Optional.empty();
    }
    var value = HexFormat.fromHexDigitsToLong(text);
    return value == 0 ? Optional.empty() : Optional.of(new UserId(value));
  }

  @Override
  public int compareTo(UserId other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** Returns 16 lower-case hex digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(value);
  }
}
