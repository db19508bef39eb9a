package dev.doppel.influx;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import org.jspecify.annotations.Nullable;

/** Which passwords InfluxDB takes: 8 to 72 bytes of UTF-8 (2.9.1, without strong passwords). */
final class InfluxPasswords {

  static final String LENGTH_MESSAGE = "passwords must be between 8 and 72 characters long";

  private InfluxPasswords() {}

  static boolean takes(Password password) {
    var length = password.utf8().length;
    return length >= 8 && length <= 72;
  }

  /** The password, or INVALID_PASSWORD; also for a missing one. */
  static Password checked(@Nullable Password password) {
    if (password == null || !takes(password)) {
      throw Failure.of(Reason.INVALID_PASSWORD);
    }
    return password;
  }
}
