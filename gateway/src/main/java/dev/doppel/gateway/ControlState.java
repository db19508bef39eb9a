package dev.doppel.gateway;

import dev.doppel.dialect.DialectRouter;
import dev.doppel.dialect.RequestBody;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.BiConsumer;

/** What tests do to a gateway's state and clock. */
final class ControlState {

  /** A seed of so many bytes, within 30 seconds. */
  private static final DialectRouter.Limits LIMITS =
      new DialectRouter.Limits(16 << 20, Duration.ofSeconds(30), Duration.ofSeconds(30));

  private static final String CLOCK_FORM =
      "{\"advance\":\"PT1H\"} or {\"set\":\"2026-01-31T12:00:00Z\"} is allowed";

  private final GatewayState state;
  private final MovableClock clock;

  ControlState(GatewayState state, MovableClock clock) {
    this.state = state;
    this.clock = clock;
  }

  void mount(Router router, String prefix) {
    router.post(prefix + "/seed").handler(context -> withBody(context, this::seed));
    router.post(prefix + "/reset").handler(this::reset);
    router.post(prefix + "/snapshots").handler(this::snapshot);
    router.post(prefix + "/snapshots/:number/restore").handler(this::restore);
    router.get(prefix + "/clock").handler(this::time);
    router.post(prefix + "/clock").handler(context -> withBody(context, this::move));
    router.delete(prefix + "/clock").handler(this::resetClock);
  }

  /** Whatever its content type: curl calls everything a form. */
  private void withBody(RoutingContext context, BiConsumer<RoutingContext, String> action) {
    RequestBody.read(context.vertx(), context.request(), LIMITS)
        .onSuccess(body -> action.accept(context, body.toString(StandardCharsets.UTF_8)))
        .onFailure(thrown -> tell(context, Failure.from(thrown)));
  }

  private void seed(RoutingContext context, String text) {
    Seed seed;
    try {
      seed = Seed.parse(text);
    } catch (Seed.Malformed malformed) {
      send(context, 400, error(malformed.line()));
      return;
    }
    answer(
        context,
        state
            .seed(seed)
            .map(
                seeded ->
                    new JsonObject()
                        .put("organizations", seeded.organizations())
                        .put("roles", seeded.roles())
                        .put("users", seeded.users())
                        .put("tokens", seeded.tokens())));
  }

  private void reset(RoutingContext context) {
    var confirmed = context.queryParam("confirm").contains("true");
    if (state.lasts() && !confirmed) {
      send(context, 409, error("this store lasts; ?confirm=true empties it and starts it anew"));
      return;
    }
    answer(context, state.reset().map(new JsonObject().put("status", "reset")));
  }

  private void snapshot(RoutingContext context) {
    answer(
        context, state.snapshot().map(taken -> new JsonObject().put("snapshot", taken.number())));
  }

  private void restore(RoutingContext context) {
    var number = context.pathParam("number");
    if (!number.matches("[1-9][0-9]{0,17}")) {
      send(context, 400, error("snapshot: a number from 1 on is allowed"));
      return;
    }
    answer(
        context,
        state
            .restore(Long.parseLong(number))
            .map(new JsonObject().put("snapshot", Long.parseLong(number))));
  }

  private void time(RoutingContext context) {
    send(context, 200, now());
  }

  private JsonObject now() {
    return new JsonObject().put("now", clock.instant().toString());
  }

  private void move(RoutingContext context, String text) {
    try {
      var wanted = new JsonObject(text);
      if (wanted.size() == 1 && wanted.getValue("advance") instanceof String duration) {
        clock.advance(Duration.parse(duration));
      } else if (wanted.size() == 1 && wanted.getValue("set") instanceof String instant) {
        clock.set(Instant.parse(instant));
      } else {
        send(context, 400, error(CLOCK_FORM));
        return;
      }
      send(context, 200, now());
    } catch (DecodeException | DateTimeException | ArithmeticException wrong) {
      send(context, 400, error(CLOCK_FORM));
    }
  }

  private void resetClock(RoutingContext context) {
    clock.reset();
    send(context, 200, now());
  }

  private static void answer(RoutingContext context, Future<JsonObject> done) {
    done.onSuccess(body -> send(context, 200, body))
        .onFailure(
            thrown -> {
              if (thrown instanceof IllegalArgumentException) {
                send(context, 404, error(String.valueOf(thrown.getMessage())));
              } else {
                tell(context, Failure.from(thrown));
              }
            });
  }

  private static void tell(RoutingContext context, Failure failure) {
    var subject = failure.subject().map(text -> ": " + text).orElse("");
    var words = failure.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    send(context, status(failure.reason()), error(words + subject));
  }

  private static int status(Reason reason) {
    return switch (reason) {
      case USER_EXISTS, USER_ID_EXISTS, ORGANIZATION_EXISTS, ROLE_EXISTS -> 409;
      case UNAVAILABLE, OVERLOADED, TIMED_OUT -> 503;
      case INVALID_VALUE -> 400;
      case BODY_TOO_LARGE -> 413;
      default -> 500;
    };
  }

  private static JsonObject error(String text) {
    return new JsonObject().put("error", text);
  }

  private static void send(RoutingContext context, int status, JsonObject body) {
    Json.send(context.request(), status, body);
  }
}
