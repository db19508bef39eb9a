package dev.doppel.milvus;

import dev.doppel.users.Failure.Reason;
import java.nio.charset.StandardCharsets;

/** Which user names Milvus takes (2.6.19: internal/proxy/util.go). */
final class MilvusNames {

  private static final int LONGEST = 32;

  private MilvusNames() {}

  /** The name without blanks around it, or the server's refusal. */
  static String checked(String userName, MilvusRules rules) {
    var name = userName.strip();
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    if (name.isEmpty()) {
      throw invalid("username must be not empty");
    }
    if (bytes.length > LONGEST) {
      throw invalid(
          "invalid username %s with length %s, the length of username must be less than %s"
              .formatted(name, bytes.length, LONGEST));
    }
    if (!letter(bytes[0])) {
      throw invalid(
          "invalid user name %s, the first character must be a letter, but got %s"
              .formatted(name, name.substring(0, name.offsetByCodePoints(0, 1))));
    }
    for (var one : bytes) {
      if (!letter(one) && !(one >= '0' && one <= '9') && one != '_' && !dotted(one, rules)) {
        throw invalid(wrongCharacter(name, one, rules));
      }
    }
    return name;
  }

  private static boolean letter(byte one) {
    return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
  }

  private static boolean dotted(byte one, MilvusRules rules) {
    return rules.namesTakeDotsAndHyphens() && (one == '.' || one == '-');
  }

  /** The server formats a byte as if it were a string, and its clients know the text that gives. */
  private static String wrongCharacter(String name, byte one, MilvusRules rules) {
    return "invalid user name %s, username must contain only %s, but got %%!s(uint8=%s)"
        .formatted(
            name,
            rules.namesTakeDotsAndHyphens()
                ? "numbers, letters, underscores, dots, and hyphens"
                : "numbers, letters and underscores",
            Byte.toUnsignedInt(one));
  }

  private static RuntimeException invalid(String text) {
    return MilvusFaults.INVALID.refuse(Reason.INVALID_VALUE, text);
  }
}
