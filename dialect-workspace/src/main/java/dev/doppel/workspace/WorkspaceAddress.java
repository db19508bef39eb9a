package dev.doppel.workspace;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.ReservedNames;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import io.vertx.core.Future;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The e-mail address by which this vendor knows a user. One who has none and whose name is none
 * gets {@code <name>@doppel.invalid}, with what can't stand in a local part percent-encoded.
 */
final class WorkspaceAddress {

  private static final int LONGEST = 256;
  private static final String MADE_UP = ReservedNames.PLACEHOLDER_ADDRESS_SUFFIX;

  /** As the vendor's newer pages print it. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?!\\.)(?!.*\\.\\.)([A-Za-z0-9_'+\\-.]*)[A-Za-z0-9_+-]"
              + "@([A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}");

  private WorkspaceAddress() {}

  /** Empty if the address would be longer than the vendor's may be. */
  static Optional<String> of(User user) {
    return user.email()
        .or(() -> Optional.of(user.name()).filter(WorkspaceAddress::isAddress))
        .or(() -> madeUp(user.name()));
  }

  /** Whether a text has the form that the vendor's newer pages ask for. */
  static boolean isAddress(String text) {
    return text.length() <= LONGEST && ADDRESS.matcher(text).matches();
  }

  private static Optional<String> madeUp(String name) {
    return Optional.of(name)
        .filter(text -> text.length() <= LONGEST)
        .map(text -> localPart(text) + MADE_UP)
        .filter(address -> address.length() <= LONGEST);
  }

  private static String localPart(String name) {
    var octets = name.getBytes(StandardCharsets.UTF_8);
    var part = new StringBuilder();
    for (int i = 0; i < octets.length; i++) {
      if (isPlain(octets[i]) || isInnerDot(octets, i)) {
        part.append((char) octets[i]);
      } else {
        part.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octets[i]));
      }
    }
    return part.toString();
  }

  private static boolean isPlain(byte octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || "_'+-".indexOf(octet) >= 0;
  }

  /** No address has a dot first, last, or behind another. */
  private static boolean isInnerDot(byte[] octets, int at) {
    return octets[at] == '.' && at > 0 && at < octets.length - 1 && octets[at - 1] != '.';
  }

  /**
   * The user who signs in with this text: a name, an e-mail address in any case, or the address
   * made up for a name. Empty if there is none.
   */
  static Future<Optional<User>> find(Users users, String text) {
    return users
        .identify(text)
        .compose(
            user ->
                user.isPresent()
                    ? Future.succeededFuture(user)
                    : nameIn(text)
                        .map(name -> named(users, name))
                        .orElse(Future.succeededFuture(Optional.empty())));
  }

  private static Future<Optional<User>> named(Users users, String name) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, users.find(name));
  }

  /** The name for which this address was made up; empty if it was for none. */
  static Optional<String> nameIn(String address) {
    if (!address.endsWith(MADE_UP)) {
      return Optional.empty();
    }
    var part = address.substring(0, address.length() - MADE_UP.length());
    return decoded(part).filter(name -> localPart(name).equals(part));
  }

  private static Optional<String> decoded(String part) {
    try {
      return Optional.of(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notEncoded) {
      return Optional.empty();
    }
  }
}
