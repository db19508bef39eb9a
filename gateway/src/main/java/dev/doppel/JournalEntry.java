package dev.doppel;

import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Reply.Header;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A call and its answer as the journal keeps them: every secret in them is masked.
 *
 * @param id counts from 1 in each realm
 * @param time when it was answered, by the realm's clock
 * @param operation the vendor's name for it; empty if there is no such operation
 * @param address of the client; empty if it wasn't known any more
 * @param caller name of the user who asked
 * @param user name of the user it was about
 * @param uri path and query
 * @param status of HTTP; 0 if no answer got out
 * @param reason why it failed, if it did
 * @param took how long it took to answer
 * @param fault number of the fault that let it go wrong on purpose
 */
public record JournalEntry(
    long id,
    Instant time,
    String dialect,
    Fidelity fidelity,
    Optional<String> operation,
    String address,
    Optional<String> caller,
    Optional<String> user,
    String method,
    String uri,
    int status,
    Optional<Reason> reason,
    Duration took,
    OptionalLong fault,
    Message request,
    Message response) {

  /** One direction. */
  public record Message(List<Header> headers, String body) {
    public Message {
      headers = List.copyOf(headers);
    }

    public JsonObject json() {
      var all = new LinkedHashMap<String, Object>();
      headers.forEach(header -> all.merge(header.name(), header.value(), Message::both));
      return new JsonObject().put("headers", new JsonObject(all)).put("body", body);
    }

    private static Object both(Object known, Object more) {
      return known instanceof JsonArray list
          ? list.add(more)
          : new JsonArray().add(known).add(more);
    }

    public long bytes() {
      var bytes = (long) body.length();
      for (var header : headers) {
        bytes += header.name().length() + header.value().length();
      }
      return bytes;
    }
  }

  /** Without the query. */
  public String path() {
    var query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  /** About what it takes in memory. */
  public long bytes() {
    return 512L + uri.length() + request.bytes() + response.bytes();
  }

  public JsonObject json() {
    var json =
        new JsonObject()
            .put("id", id)
            .put("time", time.toString())
            .put("dialect", dialect)
            .put("fidelity", lower(fidelity));
    operation.ifPresent(name -> json.put("operation", name));
    json.put("address", address);
    caller.ifPresent(name -> json.put("caller", name));
    user.ifPresent(name -> json.put("user", name));
    json.put("status", status);
    reason.ifPresent(why -> json.put("reason", lower(why)));
    fault.ifPresent(number -> json.put("fault", number));
    return json.put("micros", took.toNanos() / 1000)
        .put(
            "request",
            new JsonObject(new LinkedHashMap<>(Map.<String, Object>of("method", method)))
                .put("uri", uri)
                .mergeIn(request.json()))
        .put("response", response.json());
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** In one line, such as {@code #3 influx PostUsers of alice by root: 201}. */
  @Override
  public String toString() {
    return "#%d %s %s%s%s: %s%s"
        .formatted(
            id,
            dialect,
            operation.orElseGet(() -> method + " " + path()),
            user.map(name -> " of " + name).orElse(""),
            caller.map(name -> " by " + name).orElse(""),
            status == 0 ? "no answer" : Integer.toString(status),
            reason.map(why -> " " + why).orElse(""));
  }
}
