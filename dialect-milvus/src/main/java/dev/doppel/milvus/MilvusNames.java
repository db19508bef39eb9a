package dev.doppel.milvus;

import dev.doppel.dialect.Deviations;
import dev.doppel.users.Failure.Reason;
import dev.doppel.wire.go.GoStrings;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Checks names of users and roles (2.6.19: internal/proxy/util.go). */
final class MilvusNames {

  /** The server's name of the built-in account. */
  static final String ROOT = "root";

  private static final int MAX_USER_BYTES = 32;
  private static final int MAX_ROLE_BYTES = 255;

  private MilvusNames() {}

  /**
   * Returns the name without blanks around it.
   *
   * @throws RuntimeException the server's refusal of the name
   */
  static String checked(String userName, MilvusEra era, Deviations deviations) {
    var name = GoStrings.trimSpace(userName);
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    if (name.isEmpty()) {
      throw invalid("username must be not empty");
    }
    if (bytes.length > MAX_USER_BYTES) {
      throw invalid(
          "invalid username %s with length %s, the length of username must be less than %s"
              .formatted(
                  name,
                  bytes.length,
                  era == MilvusEra.FIRST ? "%!d(string=32)" : MAX_USER_BYTES)); // a misprint
    }
    if (!letter(bytes[0])) {
      throw invalid(
          "invalid user name %s, the first character must be a letter, but got %s"
              .formatted(name, name.substring(0, name.offsetByCodePoints(0, 1))));
    }
    var documented = wrongCharacter(name, bytes, false);
    var servers = wrongCharacter(name, bytes, era == MilvusEra.THIRD);
    deviations
        .choose(MilvusDifference.USER_NAME, documented, servers)
        .ifPresent(
            text -> {
              throw invalid(text);
            });
    return name;
  }

  private static boolean letter(byte one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
  }

  /**
   * Returns the error for the first character that isn't allowed. The server formats a byte as if
   * it were a string, and clients see the resulting text.
   *
   * @param dotted whether dots and hyphens are allowed
   */
  private static Optional<String> wrongCharacter(String name, byte[] bytes, boolean dotted) {
    for (var one : bytes) {
      if (!letter(one)
          && !(one >= '0' && one <= '9')
          && one != '_'
          && !(dotted && (one == '.' || one == '-'))) {
        return Optional.of(
            "invalid user name %s, username must contain only %s, but got %%!s(uint8=%s)"
                .formatted(
                    name,
                    dotted
                        ? "numbers, letters, underscores, dots, and hyphens"
                        : "numbers, letters and underscores",
                    Byte.toUnsignedInt(one)));
      }
    }
    return Optional.empty();
  }

  /** Checks the name of a role. */
  static void checkRole(String name, MilvusEra era) {
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    if (GoStrings.trimSpace(name).isEmpty()) {
      throw MilvusErrors.ROLE_NAME_EMPTY.newException(Reason.INVALID_VALUE);
    }
    if (bytes.length > MAX_ROLE_BYTES) {
      throw MilvusErrors.OUT_OF_RANGE.newException(
          Reason.INVALID_VALUE,
          "the length of role name must be not greater than limit: invalid parameter[%s out of range 0 <= value <= %s]"
              .formatted(bytes.length, MAX_ROLE_BYTES));
    }
    if (!letter(bytes[0]) && bytes[0] != '_') {
      throw MilvusErrors.OUT_OF_RANGE.newException(
          Reason.INVALID_VALUE,
          "the first character of role name must be an underscore or letter: invalid parameter[expected=95][actual=%s]"
              .formatted(Byte.toUnsignedInt(bytes[0])));
    }
    for (int i = 1; i < bytes.length; i++) {
      var one = bytes[i];
      if (!letter(one) && !(one >= '0' && one <= '9') && one != '_' && one != '$') {
        throw invalid(
            "role name can only contain numbers, letters, %s, found %s at %s"
                .formatted(
                    era == MilvusEra.FIRST
                        ? "dollars and underscores"
                        : "underscores, and allowed characters ($)",
                    (char) Byte.toUnsignedInt(one),
                    i));
      }
    }
  }

  private static RuntimeException invalid(String text) {
    return MilvusErrors.INVALID.newException(Reason.INVALID_VALUE, text);
  }
}
