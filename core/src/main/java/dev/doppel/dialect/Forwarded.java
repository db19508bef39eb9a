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
}
