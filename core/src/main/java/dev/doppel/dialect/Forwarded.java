package dev.doppel.dialect;

import java.util.Optional;

/**
 * What trusted proxies say of a request. What is empty is as the request itself says it.
 *
 * @param address of the client, as an IP address
 * @param scheme by which the client reached the first proxy, {@code http} or {@code https}
 * @param authority by which the client named it, without the scheme's own port
 */
record Forwarded(Optional<String> address, Optional<String> scheme, Optional<String> authority) {

  static final Forwarded NOTHING =
      new Forwarded(Optional.empty(), Optional.empty(), Optional.empty());

  /** What both say, or one of them; nothing where they contradict each other. */
  Forwarded and(Forwarded other) {
    return new Forwarded(
        both(address, other.address), both(scheme, other.scheme), both(authority, other.authority));
  }

  private static Optional<String> both(Optional<String> one, Optional<String> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return one.equals(other) ? one : Optional.empty();
  }
}
