package dev.doppel.users;

import dev.doppel.users.Failure.Reason;

/**
 * The maximum length of a text by which a user or an organization is looked up: that of InfluxDB's
 * keys, the longest of all vendors'. An index of PostgreSQL holds 2,700 bytes, compressed, so that
 * store rejects some of the names beyond that, for the same reason.
 */
public final class KeyLength {

  /** The message of a store that refuses a shorter text because its index can't hold it. */
  public static final String TOO_LONG = "a text is too long to be found by";

  /** In UTF-8. */
  static final int MAX_BYTES = 32_768;

  private KeyLength() {}

  /**
   * Checks the length of a text.
   *
   * @param field its name in the message
   * @throws Failure INVALID_VALUE if the text is too long
   */
  static void check(String field, String text) {
    if (text.length() > MAX_BYTES / 4 && bytes(text) > MAX_BYTES) {
      throw Failure.of(
          Reason.INVALID_VALUE, "%s is longer than %s bytes".formatted(field, MAX_BYTES));
    }
  }

  /** Counts an unpaired surrogate, which UTF-8 can't encode, as three bytes. */
  private static long bytes(String text) {
    return text.codePoints().mapToLong(KeyLength::bytes).sum();
  }

  private static int bytes(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    if (codePoint < 0x800) {
      return 2;
    }
    return codePoint < 0x10000 ? 3 : 4;
  }
}
