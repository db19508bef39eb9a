package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.wire.go.GoPath;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/**
 * Requests that Go's HTTP server refuses before InfluxDB sees them, with none of its headers
 * (net/http/server.go of Go 1.22: {@code badRequestError}).
 */
final class InfluxRequestLine {

  private static final Reply MALFORMED = reply("");
  private static final Reply NO_HOST = reply(": missing required Host header");
  private static final Reply HOSTS = reply(": too many Host headers");
  private static final List<Reply> ALL = List.of(MALFORMED, NO_HOST, HOSTS);

  private InfluxRequestLine() {}

  private static Reply reply(String reason) {
    return Reply.text(400, "text/plain; charset=utf-8", "400 Bad Request" + reason)
        .with("Connection", "close");
  }

  /** Returns the refusal of a request; empty if it is well-formed. */
  static Optional<Reply> refusal(Call call) {
    if (call.version() == HttpVersion.HTTP_2) {
      return Optional.empty();
    }
    var path = call.path();
    if (path.indexOf('%') >= 0 && GoPath.routed(path).isEmpty()) {
      return Optional.of(MALFORMED);
    }
    var hosts = call.headers().getAll(HttpHeaders.HOST).size();
    if (hosts == 0) {
      return call.version() == HttpVersion.HTTP_1_1 ? Optional.of(NO_HOST) : Optional.empty();
    }
    return hosts > 1 ? Optional.of(HOSTS) : Optional.empty();
  }

  /** Returns whether a reply is such a refusal. */
  static boolean isRefusal(Reply reply) {
    return reply.status() == 400 && ALL.contains(reply);
  }
}
