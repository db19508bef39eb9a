package dev.doppel.influx;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Secrets;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ids: 64 bits as 16 hex digits, not all of them 0 (2.9.1: kit/platform/id.go). */
final class InfluxId {

  private InfluxId() {}

  /** Reads the id of a user. Throws INVALID_ID, whose subject is the server's message. */
  static UserId user(String text) {
    return UserId.parse(text)
        .orElseThrow(
            () ->
                Failure.of(
                    Reason.INVALID_ID,
                    text.getBytes(StandardCharsets.UTF_8).length == 16
                        ? "invalid ID"
                        : "id must have a length of 16 bytes"));
  }

  /** Reads an id as {@link #user} does. */
  static long parse(String text) {
    return user(text).value();
  }

  /** Reads an id as {@link #user} does. */
  static OrganizationId organization(String text) {
    return new OrganizationId(parse(text));
  }

  /**
   * Returns an id of a body in lower case; empty without one. Throws MALFORMED_BODY if it is
   * malformed, since the server's decoder checks ids.
   */
  static Optional<String> inBody(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(given -> text(parse(given)));
    } catch (Failure malformed) {
      throw Failure.of(Reason.MALFORMED_BODY, malformed.subject().orElse(""));
    }
  }

  static String text(long id) {
    return HexFormat.of().toHexDigits(id);
  }

  /** Returns the id of a user; an imported user has the id it was imported with. */
  static String of(User user) {
    return user.alias(InfluxDialect.NAME).orElseGet(user.id()::toString);
  }

  /** Returns a random id of an organization or a bucket; its bytes are safe in line protocol. */
  static long random(Secrets secrets) {
    while (true) {
      var bytes = secrets.bytes(Long.BYTES);
      var id = ByteBuffer.wrap(bytes).getLong();
      if (id != 0 && safe(bytes)) {
        return id;
      }
    }
  }

  private static boolean safe(byte[] bytes) {
    for (var b : bytes) {
      if (b == '\\' || b == ',' || b == ' ') {
        return false;
      }
    }
    return true;
  }
}
