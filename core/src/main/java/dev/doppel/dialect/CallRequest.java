package dev.doppel.dialect;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP request that all steps of a {@link Call} share. What takes work to find out is computed
 * on first use. Used by one thread at a time.
 */
final class CallRequest {

  private final HttpServerRequest http;
  private final String prefix;
  private final Buffer body;
  private final Proxies proxies;
  private final long began = System.nanoTime();
  private @Nullable MultiMap query;
  private @Nullable Forwarded forwarded;
  private @Nullable UUID id;
  private @Nullable Deviations deviations;

  CallRequest(HttpServerRequest http, String prefix, Buffer body, Proxies proxies) {
    this.http = http;
    this.prefix = prefix;
    this.body = body;
    this.proxies = proxies;
  }

  HttpServerRequest http() {
    return http;
  }

  Buffer body() {
    return body;
  }

  UUID id() {
    if (id == null) {
      id = UUID.randomUUID();
    }
    return id;
  }

  Deviations deviations(Fidelity fidelity) {
    if (deviations == null) {
      deviations = new Deviations(fidelity);
    }
    return deviations;
  }

  List<Difference> deviates() {
    return deviations == null ? List.of() : deviations.list();
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  String path() {
    var path = http.path();
    return path == null ? "" : path.substring(prefix.length());
  }

  String uri() {
    return prefix.isEmpty() ? http.uri() : http.uri().substring(prefix.length());
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(queryParameters().get(name));
  }

  MultiMap queryParameters() {
    if (query == null) {
      try {
        query = http.params(true);
      } catch (IllegalArgumentException undecodable) {
        throw Failure.of(Reason.INVALID_VALUE, "query");
      }
    }
    return query;
  }

  private Forwarded forwarded() {
    if (forwarded == null) {
      forwarded = proxies.forwarded(http.headers(), http.remoteAddress(), http.authority());
    }
    return forwarded;
  }

  String address() {
    return forwarded().address().orElseGet(() -> Proxies.address(http.remoteAddress()));
  }

  boolean encrypted() {
    return forwarded().scheme().map("https"::equals).orElseGet(http::isSSL);
  }

  String origin() {
    return proxies.publicUrl().orElseGet(this::requestedOrigin) + prefix;
  }

  private String requestedOrigin() {
    var scheme = forwarded().scheme().orElseGet(http::scheme);
    var authority =
        forwarded()
            .authority()
            .or(() -> Optional.ofNullable(http.authority()).map(HostAndPort::toString));
    return scheme + "://" + authority.orElse("localhost");
  }
}
