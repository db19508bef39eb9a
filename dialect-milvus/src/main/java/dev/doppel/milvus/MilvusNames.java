package dev.doppel.milvus;

import dev.doppel.dialect.Deviations;
import dev.doppel.users.Failure.Reason;
import dev.doppel.wire.go.GoStrings;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Checks the names in requests, for REST and gRPC alike (2.6.19: internal/proxy/util.go). Every
 * check throws the server's refusal of the name. The server looks at single bytes and prints them
 * as if they were characters, so the texts for {@code é} show {@code Ã}.
 */
final class MilvusNames {

  /** The server's name of the built-in account. */
  static final String ROOT = "root";

  private static final int MAX_USER_BYTES = 32;
  private static final int MAX_BYTES = 255;

  private MilvusNames() {}

  /** Returns the name of a user without blanks around it. */
  static String checkUser(String userName, MilvusEra era, Deviations deviations) {
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
    if (!isLetter(bytes[0])) {
      throw invalid(
          "invalid user name %s, the first character must be a letter, but got %s"
              .formatted(name, character(bytes[0])));
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

  /**
   * Returns the error for the first character that isn't allowed. The server formats a byte as if
   * it were a string, and clients see the resulting text.
   *
   * @param dotted whether dots and hyphens are allowed
   */
  private static Optional<String> wrongCharacter(String name, byte[] bytes, boolean dotted) {
    for (var one : bytes) {
      if (!isWord(one) && !(dotted && (one == '.' || one == '-'))) {
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

  /** Checks the name of a role. Blanks around it are ignored here, although they belong to it. */
  static void checkRole(String name, MilvusEra era) {
    check("role name", name, era);
  }

  /** Checks the name of a privilege or of a group of privileges to grant; {@code *} is one. */
  static void checkPrivilege(String name, MilvusEra era) {
    checkUnlessAny("Privilege", name, era);
  }

  /** Checks the type of object of a privilege to grant. */
  static void checkObjectType(String name, MilvusEra era) {
    check("ObjectType", name, era);
  }

  /** Checks the name of an object that a privilege is for; {@code *} is one. */
  static void checkObject(String name, MilvusEra era) {
    checkUnlessAny("object name", name, era);
  }

  /** Checks the name of a collection that a privilege is for; {@code *} is one. */
  static void checkCollection(String name, MilvusEra era) {
    checkUnlessAny("collection name", name, era);
  }

  private static void checkUnlessAny(String kind, String name, MilvusEra era) {
    if (!name.equals(MilvusPrivileges.ANY)) {
      check(kind, name, era);
    }
  }

  private static void check(String kind, String given, MilvusEra era) {
    var name = GoStrings.trimSpace(given);
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    if (name.isEmpty()) {
      throw MilvusErrors.WRONG_VALUE.newException(
          Reason.INVALID_VALUE,
          kind + " should be not empty: invalid parameter[expected=not empty][actual=]");
    }
    if (bytes.length > MAX_BYTES) {
      throw MilvusErrors.WRONG_VALUE.newException(
          Reason.INVALID_VALUE,
          "the length of %s must be not greater than limit: invalid parameter[%s out of range 0 <= value <= %s]"
              .formatted(kind, bytes.length, MAX_BYTES));
    }
    if (!isInitial(bytes[0])) {
      throw MilvusErrors.WRONG_VALUE.newException(
          Reason.INVALID_VALUE,
          "the first character of %s must be an underscore or letter: invalid parameter[expected=95][actual=%s]"
              .formatted(kind, Byte.toUnsignedInt(bytes[0])));
    }
    for (int i = 1; i < bytes.length; i++) {
      if (!isWord(bytes[i]) && bytes[i] != '$') {
        throw invalid(
            "%s can only contain numbers, letters, %s, found %s at %s"
                .formatted(
                    kind,
                    era == MilvusEra.FIRST
                        ? "dollars and underscores"
                        : "underscores, and allowed characters ($)",
                    character(bytes[i]),
                    i));
      }
    }
  }

  /**
   * Checks the name of a group of privileges. The server takes its text for the name and the name
   * for a note, hence the order of the two and the {@code %s}.
   */
  static void checkGroup(String name) {
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    if (name.isEmpty()) {
      throw wrongGroup("", "privilege group name should not be empty");
    }
    if (bytes.length > MAX_BYTES) {
      throw wrongGroup(
          name + "->" + MAX_BYTES + ": ",
          "the length of a privilege group name %s must be less than %s characters");
    }
    if (!isInitial(bytes[0])) {
      throw wrongGroup(
          name + ": ",
          "the first character of a privilege group name %s must be an underscore or letter");
    }
    if (!isWord(bytes)) {
      throw invalid(
          "privilege group name %s can only contain numbers, letters and underscores"
              .formatted(name));
    }
  }

  private static RuntimeException wrongGroup(String note, String text) {
    return MilvusErrors.GROUP_NAME.newException(
        Reason.INVALID_VALUE, note + "invalid privilege group name[privilegeGroup=" + text + "]");
  }

  /** Checks the name of a database, which may not be {@code *} and isn't trimmed. */
  static void checkDatabase(String name) {
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    if (name.isEmpty()) {
      throw wrongDatabase("database name couldn't be empty", name);
    }
    if (bytes.length > MAX_BYTES) {
      throw wrongDatabase(
          "the length of a database name must be less than %s characters".formatted(MAX_BYTES),
          name);
    }
    if (!isInitial(bytes[0])) {
      throw wrongDatabase(
          "the first character of a database name must be an underscore or letter", name);
    }
    if (!isWord(bytes)) {
      throw wrongDatabase("database name can only contain numbers, letters and underscores", name);
    }
  }

  private static RuntimeException wrongDatabase(String text, String name) {
    return MilvusErrors.DATABASE_NAME.newException(
        Reason.INVALID_VALUE, text + ": invalid database name[database=" + name + "]");
  }

  private static boolean isWord(byte[] bytes) {
    for (var one : bytes) {
      if (!isWord(one)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a byte is an ASCII letter, a digit or an underscore. */
  static boolean isWord(byte one) {
    return isInitial(one) || (one >= '0' && one <= '9');
  }

  /** Returns whether a byte is an ASCII letter or an underscore. */
  static boolean isInitial(byte one) {
    return isLetter(one) || one == '_';
  }

  private static boolean isLetter(byte one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
  }

  private static char character(byte one) {
    return (char) Byte.toUnsignedInt(one);
  }

  private static RuntimeException invalid(String text) {
    return MilvusErrors.INVALID.newException(Reason.INVALID_VALUE, text);
  }
}
