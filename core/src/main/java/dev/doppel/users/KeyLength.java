package dev.doppel.users;

import dev.doppel.users.Failure.Reason;

/**
 * How long a text may be by which a user or an organization is found: as long as InfluxDB's keys,
 * the longest of all vendors'. An index of PostgreSQL holds 2,700 bytes, compressed, so that store
 * refuses some of the names beyond that, with the same reason.
 */
final class KeyLength {

  /** In UTF-8. */
  static final int MAX_BYTES = 32_768;

  private KeyLength() {}

  /**
   * Fails if the text is too long.
   *
   * @param field its name in the message
   * @throws Failure INVALID_VALUE
   */
  static void check(String field, String text) {
    if (text.length() > MAX_BYTES / 4 && bytes(text) > MAX_BYTES) {
      throw Failure.of(
          Reason.INVALID_VALUE, "%s is longer than %s bytes".formatted(field, MAX_BYTES));
    }
  }

  /** Counts half a surrogate pair as three bytes, which UTF-8 proper doesn't know. */
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
