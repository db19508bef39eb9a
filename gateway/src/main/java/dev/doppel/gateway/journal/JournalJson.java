package dev.doppel.gateway.journal;

import dev.doppel.JournalEntry;
import dev.doppel.JournalEntry.Message;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Reply.Header;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Calls in the JSON of the control plane; {@code docs/testing.md} shows one. */
public final class JournalJson {

  private JournalJson() {}

  /** Returns a call as the control plane shows it. */
  public static JsonObject encode(JournalEntry call) {
    var json =
        new JsonObject()
            .put("id", call.id())
            .put("time", call.time().toString())
            .put("dialect", call.dialect())
            .put("fidelity", lower(call.fidelity()));
    call.operation().ifPresent(name -> json.put("operation", name));
    json.put("address", call.address());
    call.caller().ifPresent(name -> json.put("caller", name));
    call.user().ifPresent(name -> json.put("user", name));
    json.put("status", call.status());
    call.reason().ifPresent(why -> json.put("reason", lower(why)));
    call.fault().ifPresent(number -> json.put("fault", number));
    if (!call.deviates().isEmpty()) {
      json.put("deviates", new JsonArray(call.deviates()));
    }
    return json.put("micros", TimeUnit.NANOSECONDS.toMicros(call.took().toNanos()))
        .put(
            "request",
            new JsonObject(new LinkedHashMap<>(Map.<String, Object>of("method", call.method())))
                .put("uri", call.uri())
                .mergeIn(encode(call.request())))
        .put("response", encode(call.response()));
  }

  private static JsonObject encode(Message message) {
    var all = new LinkedHashMap<String, Object>();
    message
        .headers()
        .forEach(header -> all.merge(header.name(), header.value(), JournalJson::merge));
    return new JsonObject().put("headers", new JsonObject(all)).put("body", message.body());
  }

  private static Object merge(Object known, Object more) {
    return known instanceof JsonArray list ? list.add(more) : new JsonArray().add(known).add(more);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the call that the control plane shows as this JSON. Its duration is in whole
   * microseconds, and headers of one name are next to each other.
   *
   * @throws RuntimeException if it isn't a call
   */
  public static JournalEntry decode(JsonObject json) {
    var request = json.getJsonObject("request");
    var fault = json.getLong("fault");
    return new JournalEntry(
        json.getLong("id"),
        Instant.parse(json.getString("time")),
        json.getString("dialect"),
        Fidelity.valueOf(upper(json.getString("fidelity"))),
        Optional.ofNullable(json.getString("operation")),
        json.getString("address"),
        Optional.ofNullable(json.getString("caller")),
        Optional.ofNullable(json.getString("user")),
        request.getString("method"),
        request.getString("uri"),
        json.getInteger("status"),
        Optional.ofNullable(json.getString("reason")).map(why -> Reason.valueOf(upper(why))),
        json.getJsonArray("deviates", new JsonArray()).stream().map(String.class::cast).toList(),
        Duration.of(json.getLong("micros"), ChronoUnit.MICROS),
        fault == null ? OptionalLong.empty() : OptionalLong.of(fault),
        decodeMessage(request),
        decodeMessage(json.getJsonObject("response")));
  }

  private static Message decodeMessage(JsonObject json) {
    var headers = new ArrayList<Header>();
    json.getJsonObject("headers")
        .forEach(
            header -> {
              var values =
                  header.getValue() instanceof JsonArray several
                      ? several
                      : new JsonArray().add(header.getValue());
              values.forEach(value -> headers.add(new Header(header.getKey(), (String) value)));
            });
    return new Message(headers, json.getString("body"));
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }
}
