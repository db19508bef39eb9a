package dev.doppel.influx;

import dev.doppel.users.Failure.Reason;
import java.nio.charset.StandardCharsets;

/** The limit of the keys under which the server stores names (bbolt's MaxKeySize). */
final class InfluxKeys {

  private static final int MAX_BYTES = 32_768;

  /** The id of an organization as 16 hex digits (2.9.1: kit/platform/id.go, Encode). */
  private static final int ID_BYTES = 16;

  private InfluxKeys() {}

  /**
   * Checks the length of a name whose key begins with the id of its organization (2.9.1:
   * tenant/storage_bucket.go, secret/storage.go). Throws the server's 413 if the key is too large.
   */
  static void checkLength(String name) {
    checkLength(name, ID_BYTES);
  }

  /**
   * Checks the length of a name as {@link #checkLength(String)} does.
   *
   * @param prefixBytes the number of bytes before the name in its key
   */
  static void checkLength(String name, int prefixBytes) {
    if (prefixBytes + name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw InfluxErrors.KEY_TOO_LARGE.newException(Reason.INVALID_VALUE, "name");
    }
  }
}
