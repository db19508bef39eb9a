package dev.doppel.gateway;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  CallScope withUser(String name) {
    return new CallScope(dialect, operation, Optional.of(name), path);
  }

  CallScope withPath(String pattern) {
    return new CallScope(dialect, operation, user, Optional.of(pattern));
  }

  /** Whether a call is meant as far as its dialect, operation and path say. */
  boolean has(String itsDialect, Optional<String> itsOperation, String itsPath) {
    return (dialect.isEmpty() || dialect.get().equals(itsDialect))
        && (operation.isEmpty() || operation.equals(itsOperation))
        && (path.isEmpty() || matches(path.get(), itsPath));
  }

  /** Whether a call is meant as far as the users say whose it is. */
  boolean hasUser(Optional<String> caller, Optional<String> subject) {
    return user.isEmpty() || user.equals(caller) || user.equals(subject);
  }

  private static boolean matches(String pattern, String path) {
    if (pattern.indexOf('*') < 0) {
      return pattern.equals(path);
    }
    var regex =
        Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.DOTALL).matcher(path).matches();
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
