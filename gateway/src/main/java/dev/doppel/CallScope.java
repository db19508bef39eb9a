package dev.doppel;

import dev.doppel.dialect.VendorOperation;
import java.util.List;
import java.util.Optional;

/**
 * A filter of calls. An empty component matches every call. Immutable.
 *
 * @param dialect name of the dialect
 * @param operation the vendor's name of the operation
 * @param user name of the user who makes the call or whom it is about
 * @param path path as sent, without the query; {@code *} matches any number of any characters
 */
public record CallScope(
    Optional<String> dialect,
    Optional<String> operation,
    Optional<String> user,
    Optional<String> path) {

  /** Matches every call. */
  public static final CallScope ALL =
      new CallScope(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Returns the scope of one operation of one dialect. */
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

  /** Returns whether a call matches by dialect, operation and path. */
  public boolean has(String callDialect, Optional<String> callOperation, String callPath) {
    return (dialect.isEmpty() || dialect.get().equals(callDialect))
        && (operation.isEmpty() || operation.equals(callOperation))
        && (path.isEmpty() || matches(path.get(), callPath));
  }

  /** Returns whether a call matches by its caller or the user whom it is about. */
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
      var found = path.indexOf(part, at); // the first match leaves the most text to the other parts
      if (found < 0 || found + part.length() > end) {
        return false;
      }
      at = found + part.length();
    }
    return true;
  }

  /** Returns a description such as {@code influx PostUsers of alice}. */
  @Override
  public String toString() {
    return dialect.orElse("any dialect")
        + operation.map(name -> " " + name).orElse("")
        + user.map(name -> " of " + name).orElse("")
        + path.map(pattern -> " at " + pattern).orElse("");
  }
}
