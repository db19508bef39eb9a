package dev.doppel.gateway.control;

import static dev.doppel.BadRequestException.check;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.doppel.BadRequestException;
import dev.doppel.CallScope;
import dev.doppel.PlannedFault;
import dev.doppel.PlannedFault.Delay;
import dev.doppel.dialect.Suggestions;
import dev.doppel.serve.InjectedFault.Breakage;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A planned fault in the JSON of the control plane; {@code docs/testing.md} shows one. */
record FaultBody(
    @Nullable String dialect,
    @Nullable String operation,
    @Nullable String user,
    @Nullable String path,
    @Nullable Reason reason,
    @Nullable DelayBody delay,
    @Nullable Connection connection,
    @Nullable Body body,
    @Nullable When when,
    @Nullable Integer times,
    @Nullable Integer every,
    @Nullable Double probability,
    @Nullable Long seed) {

  static final FaultBody EMPTY =
      new FaultBody(null, null, null, null, null, null, null, null, null, null, null, null, null);

  enum Connection {
    DROPPED
  }

  enum Body {
    TRUNCATED,
    GARBAGE
  }

  enum When {
    BEFORE,
    AFTER
  }

  /** A delay, {@code "PT0.5S"} or {@code {"from":"PT0.1S","to":"PT2S"}}. */
  record DelayBody(String from, String to) {

    private static final String FORM =
        "\"PT0.5S\" or {\"from\":\"PT0.1S\",\"to\":\"PT2S\"}, up to an hour";

    DelayBody {
      check(from != null && to != null, "from and to are needed; use " + FORM);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static DelayBody of(String both) {
      return new DelayBody(both, both);
    }

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    static DelayBody of(@JsonProperty("from") String from, @JsonProperty("to") String to) {
      return new DelayBody(from, to);
    }

    Delay toDelay() {
      try {
        return new Delay(Duration.parse(from), Duration.parse(to));
      } catch (DateTimeException | BadRequestException invalid) {
        throw new BadRequestException(
            "delay: " + Suggestions.notAllowed(from.equals(to) ? from : from + " to " + to, FORM));
      }
    }
  }

  PlannedFault toPlannedFault() {
    check(connection == null || body == null, "connection, body: one of them is allowed");
    check(body == null || when != When.BEFORE, "when: a body goes wrong after the change");
    return new PlannedFault(
        new CallScope(
            Optional.ofNullable(dialect),
            Optional.ofNullable(operation),
            Optional.ofNullable(user),
            Optional.ofNullable(path)),
        Optional.ofNullable(reason),
        delay == null ? Delay.NONE : delay.toDelay(),
        breakage(),
        when == When.AFTER,
        times == null ? OptionalInt.empty() : OptionalInt.of(times),
        every == null ? 1 : every,
        probability == null ? 1 : probability,
        seed == null ? 0 : seed);
  }

  private Breakage breakage() {
    if (connection != null) {
      return Breakage.DROPPED;
    }
    if (body == null) {
      return Breakage.NONE;
    }
    return body == Body.GARBAGE ? Breakage.GARBAGE : Breakage.TRUNCATED;
  }

  static JsonObject json(PlannedFault fault) {
    var json = new JsonObject();
    var scope = fault.scope();
    scope.dialect().ifPresent(name -> json.put("dialect", name));
    scope.operation().ifPresent(name -> json.put("operation", name));
    scope.user().ifPresent(name -> json.put("user", name));
    scope.path().ifPresent(pattern -> json.put("path", pattern));
    fault.reason().ifPresent(reason -> json.put("reason", lower(reason)));
    if (!fault.delay().equals(Delay.NONE)) {
      json.put("delay", json(fault.delay()));
    }
    switch (fault.breakage()) {
      case NONE -> {}
      case DROPPED -> json.put("connection", lower(Connection.DROPPED));
      case TRUNCATED -> json.put("body", lower(Body.TRUNCATED));
      case GARBAGE -> json.put("body", lower(Body.GARBAGE));
    }
    json.put("when", lower(fault.after() ? When.AFTER : When.BEFORE));
    fault.times().ifPresent(times -> json.put("times", times));
    if (fault.every() > 1) {
      json.put("every", fault.every());
    }
    if (fault.probability() < 1) {
      json.put("probability", fault.probability());
    }
    return fault.seed() == 0 ? json : json.put("seed", fault.seed());
  }

  private static Object json(Delay delay) {
    return delay.from().equals(delay.to())
        ? delay.from().toString()
        : new JsonObject().put("from", delay.from().toString()).put("to", delay.to().toString());
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
