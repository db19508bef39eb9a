package dev.doppel.gateway.control;

import static dev.doppel.BadRequestException.check;

import dev.doppel.BadRequestException;
import dev.doppel.MovableClock;
import dev.doppel.StartupException;
import dev.doppel.dialect.Suggestions;
import dev.doppel.gateway.input.StrictInput;
import dev.doppel.gateway.realm.GatewayState;
import dev.doppel.gateway.realm.HostedRealm;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operations of the control plane for seeds, resets, snapshots and the clock. */
final class ControlState implements ControlRoutes {

  private static final String CLOCK_FORM =
      "{\"advance\":\"PT1H\"} or {\"set\":\"2026-01-31T12:00:00Z\"} is needed";

  /** The body of a request to move the clock; one of the components is given. */
  record ClockBody(@Nullable String advance, @Nullable String set) {
    static final ClockBody EMPTY = new ClockBody(null, null);
  }

  private final HostedRealm realm;
  private final GatewayState state;
  private final MovableClock clock;

  ControlState(HostedRealm realm) {
    this.realm = realm;
    state = realm.state();
    clock = realm.clock();
  }

  @Override
  public void mount(Router api) {
    api.post("/seed").handler(context -> new ControlCall(context).answerBody(this::seed));
    api.get("/seed/schema")
        .handler(
            context ->
                new ControlCall(context)
                    .answer(call -> Future.succeededFuture(SeedSchema.document())));
    api.post("/reset").handler(context -> new ControlCall(context).answer(this::reset));
    api.post("/snapshots").handler(context -> new ControlCall(context).answer(this::snapshot));
    api.post("/snapshots/:number/restore")
        .handler(context -> new ControlCall(context).answer(this::restore));
    api.get("/clock").handler(context -> new ControlCall(context).answer(call -> now()));
    api.post("/clock").handler(context -> new ControlCall(context).answerBody(this::move));
    api.delete("/clock").handler(context -> new ControlCall(context).answer(this::resetClock));
  }

  private Future<JsonObject> seed(String text) {
    return state
        .seed(text)
        .map(
            seeded ->
                new JsonObject()
                    .put("organizations", seeded.organizations())
                    .put("roles", seeded.roles())
                    .put("users", seeded.users())
                    .put("tokens", seeded.tokens()));
  }

  private Future<JsonObject> reset(ControlCall call) {
    call.checkQuery(Set.of("confirm"));
    if (state.isPersistent() && !call.query("confirm").equals(Optional.of("true"))) {
      throw ControlException.conflict("persistent store: add ?confirm=true to erase it");
    }
    return realm
        .reset()
        .recover(
            thrown ->
                Future.failedFuture(
                    thrown instanceof StartupException refused
                        ? ControlException.conflict(refused.line())
                        : thrown))
        .map(new JsonObject().put("status", "reset"));
  }

  private Future<JsonObject> snapshot(ControlCall call) {
    return state.snapshot().map(taken -> new JsonObject().put("snapshot", taken.number()));
  }

  private Future<JsonObject> restore(ControlCall call) {
    var number = call.parameter("number");
    check(
        number.matches("[1-9][0-9]{0,17}"),
        () -> "snapshot: " + Suggestions.notAllowed(number, "a number from 1 on"));
    return state
        .restore(Long.parseLong(number))
        .recover(
            thrown ->
                Future.failedFuture(
                    thrown instanceof IllegalArgumentException
                        ? ControlException.notFound("there is no snapshot " + number)
                        : thrown))
        .map(new JsonObject().put("snapshot", Long.parseLong(number)));
  }

  private Future<JsonObject> now() {
    return Future.succeededFuture(new JsonObject().put("now", clock.instant().toString()));
  }

  private Future<JsonObject> move(String text) {
    var body = StrictInput.json(text, ClockBody.class, ClockBody.EMPTY);
    check((body.advance == null) != (body.set == null), CLOCK_FORM);
    if (body.advance != null) {
      move("advance", body.advance, "a duration such as PT1H", clock::advance, Duration::parse);
    } else if (body.set != null) {
      move("set", body.set, "a time such as 2026-01-31T12:00:00Z", clock::set, Instant::parse);
    }
    return now();
  }

  private static <T> void move(
      String member, String text, String allowed, Consumer<T> move, Function<String, T> parse) {
    try {
      move.accept(parse.apply(text));
    } catch (DateTimeException wrong) {
      throw new BadRequestException(member + ": " + Suggestions.notAllowed(text, allowed));
    }
  }

  private Future<JsonObject> resetClock(ControlCall call) {
    clock.reset();
    return now();
  }
}
