package dev.doppel.dialect;

import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The reverse proxies in front of a gateway, and how far they are trusted. Immutable.
 *
 * <p>A trusted proxy says in {@code Forwarded} (RFC 7239) or {@code X-Forwarded-For}, {@code
 * -Proto}, {@code -Host} and {@code -Port} where a client is and how it reached the proxy. Every
 * proxy adds what it saw at the end, so the client is the last address that isn't a trusted
 * proxy's; anything before it may be forged. These headers are ignored from anyone else.
 *
 * <p>Most proxies write one kind of these headers and pass on the client's headers of the other
 * kind, so only one kind is read.
 *
 * @param publicUrl URL at which clients reach the gateway, for absolute links, without a slash at
 *     the end
 * @param trusted addresses of proxies
 * @param headers the kind that they write
 */
public record Proxies(Optional<String> publicUrl, List<AddressBlock> trusted, Headers headers) {

  /** Kinds of headers. */
  public enum Headers {
    /** {@code X-Forwarded-For}, {@code -Proto}, {@code -Host} and {@code -Port}. */
    X_FORWARDED,
    /** {@code Forwarded} (RFC 7239). */
    FORWARDED
  }

  /**
   * Most proxies that are followed. Elements that clients send in advance can't push theirs out.
   */
  static final int MAX_ELEMENTS = 64;

  private static final System.Logger LOG = System.getLogger(Proxies.class.getName());

  /** Trusts no proxy. */
  public static final Proxies NONE = new Proxies(Optional.empty(), List.of(), Headers.X_FORWARDED);

  private static final Pattern SCHEME = Pattern.compile("(?i)https?");
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:\\d{1,5})?");
  private static final int MAX_PORT = 65_535;

  /** An address with or without a port, of IPv6 in brackets then. */
  private static final Pattern NODE =
      Pattern.compile(
          "\\[(?<six>[0-9A-Fa-f:.]+)](:\\w+)?|(?<four>[0-9.]+)(:\\w+)?|(?<bare>[^\\[\\]]+)");

  public Proxies {
    trusted = List.copyOf(trusted);
  }

  /**
   * Returns these proxies with the URL at which clients reach the gateway.
   *
   * @throws IllegalArgumentException if the URL isn't one of HTTP or HTTPS, or has more than
   *     scheme, host, port and path
   */
  public Proxies withPublicUrl(String url) {
    try {
      var parsed = new URI(url);
      if (parsed.getScheme() == null
          || !SCHEME.matcher(parsed.getScheme()).matches()
          || parsed.getHost() == null
          || parsed.getPort() > MAX_PORT
          || parsed.getRawUserInfo() != null
          || parsed.getRawQuery() != null
          || parsed.getRawFragment() != null) {
        throw new IllegalArgumentException("not the URL of a server");
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a URL", e);
    }
    return new Proxies(Optional.of(url.replaceAll("/+$", "")), trusted, headers);
  }

  /** Returns these proxies and the ones at more addresses. */
  public Proxies trusting(AddressBlock block) {
    var all = new ArrayList<>(trusted);
    all.add(block);
    return new Proxies(publicUrl, all, headers);
  }

  /** Returns these proxies with the kind of headers that they write. */
  public Proxies writing(Headers kind) {
    return new Proxies(publicUrl, trusted, kind);
  }

  /** Returns the IP address of the client; empty if it is unknown. */
  public String address(MultiMap headers, @Nullable SocketAddress peer) {
    return forwarded(headers, peer, null).address().orElseGet(() -> address(peer));
  }

  static String address(@Nullable SocketAddress peer) {
    return peer == null || peer.hostAddress() == null ? "" : peer.hostAddress();
  }

  /**
   * Returns what trusted proxies report of a request. Never throws: malformed headers count as not
   * sent.
   *
   * @param peer that sent the request to us
   * @param named authority that the request itself names
   */
  Forwarded forwarded(MultiMap headers, @Nullable SocketAddress peer, @Nullable HostAndPort named) {
    if (trusted.isEmpty()) {
      return Forwarded.NOTHING;
    }
    var from = AddressBlock.bytes(address(peer));
    if (from.isEmpty() || !trusts(from.get())) {
      return Forwarded.NOTHING;
    }
    try {
      return switch (this.headers) {
        case FORWARDED -> standard(headers, from.get());
        case X_FORWARDED -> customary(headers, from.get(), named);
      };
    } catch (RuntimeException defect) { // The client must get its response nevertheless.
      LOG.log(System.Logger.Level.DEBUG, "headers of a proxy that can't be read", defect);
      return Forwarded.NOTHING;
    }
  }

  private boolean trusts(byte[] address) {
    for (var block : trusted) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The client that a chain of proxies reports.
   *
   * @param reported address of the client; empty if the nearest proxy reports none
   * @param step position of the element that the proxy nearest to the client added, counted from
   *     the end; 1 is the last
   */
  private record Walk(Optional<byte[]> reported, int step) {

    Optional<String> address() {
      return reported.map(NetUtil::bytesToIpAddress);
    }
  }

  /** Goes back from proxy to proxy, as far as they are trusted and report addresses. */
  private Walk walk(List<Optional<byte[]>> nodes, byte[] peer) {
    var at = peer;
    var reported = Optional.<byte[]>empty();
    int step = 0;
    while (trusts(at) && step < nodes.size()) {
      var next = nodes.get(nodes.size() - 1 - step);
      step++;
      if (next.isEmpty()) {
        break;
      }
      at = next.get();
      reported = next;
    }
    return new Walk(reported, Math.max(1, step));
  }

  private static Optional<byte[]> node(String text) {
    var node = NODE.matcher(text);
    if (!node.matches()) {
      return Optional.empty();
    }
    for (var group : List.of("six", "four", "bare")) {
      if (node.group(group) != null) {
        return AddressBlock.bytes(node.group(group));
      }
    }
    return Optional.empty();
  }

  // ---- Forwarded

  private Forwarded standard(MultiMap headers, byte[] peer) {
    var elements = ForwardedHeader.parse(headers.getAll("Forwarded"), MAX_ELEMENTS);
    if (elements.isEmpty()) {
      return Forwarded.NOTHING;
    }
    var walk =
        walk(
            elements.stream()
                .map(element -> element.parameter("for").flatMap(Proxies::node))
                .toList(),
            peer);
    var element = elements.get(elements.size() - walk.step());
    var scheme = element.parameter("proto").flatMap(Proxies::scheme);
    return new Forwarded(
        walk.address(), scheme, authority(element.parameter("host"), Optional.empty(), scheme));
  }

  // ---- X-Forwarded-…

  private Forwarded customary(MultiMap headers, byte[] peer, @Nullable HostAndPort named) {
    var nodes = list(headers, "X-Forwarded-For");
    var walk = walk(nodes.stream().map(Proxies::node).toList(), peer);
    var scheme = at(list(headers, "X-Forwarded-Proto"), walk.step()).flatMap(Proxies::scheme);
    var port = at(list(headers, "X-Forwarded-Port"), walk.step());
    var host =
        at(list(headers, "X-Forwarded-Host"), walk.step())
            .or(() -> port.flatMap(given -> Optional.ofNullable(named).map(HostAndPort::toString)));
    return new Forwarded(walk.address(), scheme, authority(host, port, scheme));
  }

  private static List<String> list(MultiMap headers, String name) {
    var all = new ArrayList<String>();
    for (var value : headers.getAll(name)) {
      for (var part : value.split(",", -1)) {
        all.add(part.strip());
      }
    }
    return all.subList(Math.max(0, all.size() - MAX_ELEMENTS), all.size());
  }

  /** Returns the value that the same proxy added; the first if fewer proxies add to this header. */
  private static Optional<String> at(List<String> values, int step) {
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(values.get(Math.max(0, values.size() - step)));
  }

  private static Optional<String> scheme(String text) {
    return SCHEME.matcher(text).matches()
        ? Optional.of(text.toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  /**
   * Returns the authority without the scheme's default port; empty if the host is malformed.
   *
   * @param port for a host without one
   */
  private static Optional<String> authority(
      Optional<String> host, Optional<String> port, Optional<String> scheme) {
    if (host.isEmpty()) {
      return Optional.empty();
    }
    var parts = AUTHORITY.matcher(host.get());
    if (!parts.matches()) {
      return Optional.empty();
    }
    var explicit =
        Optional.ofNullable(parts.group(2)).map(text -> text.substring(1)).or(() -> port);
    var own = scheme.map(name -> name.equals("https") ? "443" : "80");
    return Optional.of(
        parts.group(1)
            + explicit
                .filter(Proxies::isPort)
                .filter(number -> own.filter(number::equals).isEmpty())
                .map(number -> ":" + number)
                .orElse(""));
  }

  private static boolean isPort(String text) {
    return text.matches("[1-9]\\d{0,4}") && Integer.parseInt(text) <= MAX_PORT;
  }
}
