package dev.doppel;

import dev.doppel.dialect.VendorOperation;
import java.util.List;
import java.util.Optional;

/**
 * Which calls are meant; what is empty means any.
 *
 * @param dialect its name
 * @param operation the vendor's name of it
 * @param user the name of who asks, or of whom the call is about
 * @param path as sent, without the query; {@code *} stands for any characters
 */
public record CallScope(
    Optional<String> dialect,
    Optional<String> operation,
    Optional<String> user,
    Optional<String> path) {

  /** All there are. */
  public static final CallScope ALL =
      new CallScope(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** One operation of one dialect. */
  public static CallScope of(VendorOperation operation) {
    return new CallScope(
        Optional.of(operation.dialect()),
        Optional.of(operation.operation()),
        Optional.empty(),
        Optional.empty());
  }

  public CallScope withUser(String name) {
    return new CallScope(dialect, operation, Optional.of(name), path);
  }

  public CallScope withPath(String pattern) {
    return new CallScope(dialect, operation, user, Optional.of(pattern));
  }

  /** Whether a call is meant as far as its dialect, operation and path say. */
  public boolean has(String itsDialect, Optional<String> itsOperation, String itsPath) {
    return (dialect.isEmpty() || dialect.get().equals(itsDialect))
        && (operation.isEmpty() || operation.equals(itsOperation))
        && (path.isEmpty() || matches(path.get(), itsPath));
  }

  /** Whether a call is meant as far as the users say whose it is. */
  public boolean hasUser(Optional<String> caller, Optional<String> subject) {
    return user.isEmpty() || user.equals(caller) || user.equals(subject);
  }

  private static boolean matches(String pattern, String path) {
    var parts = pattern.split("\\*", -1);
    var first = parts[0];
    var last = parts[parts.length - 1];
    if (parts.length == 1) {
      return pattern.equals(path);
    }
    var end = path.length() - last.length();
    if (end < first.length() || !path.startsWith(first) || !path.endsWith(last)) {
      return false;
    }
    int at = first.length();
    for (var part : List.of(parts).subList(1, parts.length - 1)) {
      var found = path.indexOf(part, at); // the first one leaves most to the others
      if (found < 0 || found + part.length() > end) {
        return false;
      }
      at = found + part.length();
    }
    return true;
  }

  /** Such as {@code influx PostUsers of alice}. */
  @Override
  public String toString() {
    return dialect.orElse("any dialect")
        + operation.map(name -> " " + name).orElse("")
        + user.map(name -> " of " + name).orElse("")
        + path.map(pattern -> " at " + pattern).orElse("");
  }
}
