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
 * The e-mail address by which this vendor knows a user: the user's address; or the name, if it is
 * an address; or else the generated address {@code <name>@doppel.invalid}, where characters that a
 * local part can't have are percent-encoded.
 */
final class WorkspaceAddress {

  private static final int MAX_LENGTH = 256;
  private static final String DOMAIN = ReservedNames.PLACEHOLDER_ADDRESS_SUFFIX;

  /** The form of an address, as the vendor's newer pages print it. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?!\\.)(?!.*\\.\\.)([A-Za-z0-9_'+\\-.]*)[A-Za-z0-9_+-]"
              + "@([A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}");

  private WorkspaceAddress() {}

  /** Returns the address of a user, or empty if it would exceed {@value #MAX_LENGTH} characters. */
  static Optional<String> of(User user) {
    return user.email()
        .or(() -> Optional.of(user.name()).filter(WorkspaceAddress::isAddress))
        .or(() -> generate(user.name()));
  }

  /** Returns whether a text has the form and the length of an address. */
  static boolean isAddress(String text) {
    return text.length() <= MAX_LENGTH && ADDRESS.matcher(text).matches();
  }

  /** Returns whether a text is an address, or one that is generated for a name. */
  static boolean isAddressOrGenerated(String text) {
    return isAddress(text) || (text.length() <= MAX_LENGTH && nameIn(text).isPresent());
  }

  private static Optional<String> generate(String name) {
    return Optional.of(name)
        .filter(text -> text.length() <= MAX_LENGTH)
        .map(text -> encode(text) + DOMAIN)
        .filter(address -> address.length() <= MAX_LENGTH);
  }

  private static String encode(String name) {
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

  /** Returns whether an octet is a dot that may stay: not first, not last, not after a dot. */
  private static boolean isInnerDot(byte[] octets, int at) {
    return octets[at] == '.' && at > 0 && at < octets.length - 1 && octets[at - 1] != '.';
  }

  /**
   * Finds the user who signs in with this text: a name, an e-mail address in any case, or the
   * address generated for a name. Empty if there is none.
   */
  static Future<Optional<User>> find(Users users, String text) {
    return users
        .identify(text)
        .compose(
            user ->
                user.isPresent()
                    ? Future.succeededFuture(user)
                    : nameIn(text)
                        .map(name -> Failure.emptyIf(Reason.NO_SUCH_USER, users.find(name)))
                        .orElse(Future.succeededFuture(Optional.empty())));
  }

  /** Returns the name for which an address was generated, or empty for any other address. */
  static Optional<String> nameIn(String address) {
    if (!address.endsWith(DOMAIN)) {
      return Optional.empty();
    }
    var part = address.substring(0, address.length() - DOMAIN.length());
    return decode(part).filter(name -> encode(name).equals(part));
  }

  private static Optional<String> decode(String part) {
    try {
      return Optional.of(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notEncoded) {
      return Optional.empty();
    }
  }
}
