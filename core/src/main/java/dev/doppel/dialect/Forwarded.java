package dev.doppel.dialect;

import java.util.Optional;

/**
 * What trusted proxies report of a request. For empty components the request itself counts.
 *
 * @param address of the client, as an IP address
 * @param scheme that the client used to reach the first proxy, {@code http} or {@code https}
 * @param authority that the client used, without the scheme's default port
 */
record Forwarded(Optional<String> address, Optional<String> scheme, Optional<String> authority) {

  static final Forwarded NOTHING =
      new Forwarded(Optional.empty(), Optional.empty(), Optional.empty());
}
