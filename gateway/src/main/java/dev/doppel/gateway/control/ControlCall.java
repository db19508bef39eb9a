package dev.doppel.gateway.control;

import dev.doppel.BadRequestException;
import dev.doppel.CallScope;
import dev.doppel.SeedConflictException;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Limits;
import dev.doppel.dialect.Suggestions;
import dev.doppel.gateway.http.Json;
import dev.doppel.gateway.realm.HostedRealm;
import dev.doppel.gateway.realm.HostedRealm.HostedStore;
import dev.doppel.serve.RequestBody;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** A request to the control plane, and its response. */
record ControlCall(RoutingContext context) {

  private static final System.Logger LOG = System.getLogger(ControlCall.class.getName());

  /** Limits of a body: 16 MiB, within 30 seconds. */
  private static final Limits LIMITS =
      new Limits(16 << 20, Duration.ofSeconds(30), Duration.ofSeconds(30));

  /** Returns the first value of a query parameter. */
  Optional<String> query(String name) {
    return context.queryParam(name).stream().findFirst();
  }

  /**
   * Returns a query parameter that is a number from 0 on.
   *
   * @throws BadRequestException if it is anything else, or more than the maximum
   */
  long number(String name, long defaultValue, long max) {
    var text = query(name);
    BadRequestException.check(
        text.isEmpty() || (text.get().matches("\\d{1,18}") && Long.parseLong(text.get()) <= max),
        () -> name + ": " + Suggestions.notAllowed(text.get(), "a number from 0 to " + max));
    return text.map(Long::parseLong).orElse(defaultValue);
  }

  /**
   * Checks the names of the query parameters.
   *
   * @throws BadRequestException that names an unknown parameter and the known ones
   */
  void checkQuery(Set<String> known) {
    for (var name : context.queryParams().names()) {
      BadRequestException.check(
          known.contains(name),
          "?%s: not known; use %s%s"
              .formatted(
                  name,
                  String.join(", ", new TreeSet<>(known)),
                  Suggestions.didYouMean(name, known)));
    }
  }

  /**
   * Returns the store of the dialect that the query parameter {@code dialect} names; the only store
   * if there is one for all.
   *
   * @throws BadRequestException if the parameter is missing although there are several stores, or
   *     names no dialect
   */
  HostedStore store(HostedRealm realm) {
    var name = query("dialect");
    ControlFaults.checkScope(
        realm.dialects(),
        new CallScope(name, Optional.empty(), Optional.empty(), Optional.empty()));
    if (realm.stores().size() == 1) {
      return realm.stores().get(0);
    }
    var names = realm.dialects().stream().map(Dialect::name).toList();
    var wanted =
        name.orElseThrow(
            () ->
                new BadRequestException(
                    "?dialect: needed, because each dialect has a store of its own; use "
                        + Suggestions.either(names)));
    return realm.stores().stream()
        .filter(store -> store.dialects().stream().anyMatch(one -> one.name().equals(wanted)))
        .findFirst()
        .orElseThrow();
  }

  /** Returns a parameter of the path. */
  String parameter(String name) {
    return context.pathParam(name);
  }

  /** Sends the result of an action with status 200, or its failure as an error. */
  void answer(Function<ControlCall, Future<JsonObject>> action) {
    Future<JsonObject> answer;
    try {
      answer = action.apply(this);
    } catch (RuntimeException thrown) {
      answer = Future.failedFuture(thrown);
    }
    answer.onSuccess(body -> send(200, body)).onFailure(this::refuse);
  }

  /**
   * Reads the body and sends the result of an action on it. Ignores the content type, because curl
   * sends every body as a form.
   */
  void answerBody(Function<String, Future<JsonObject>> action) {
    RequestBody.read(context.vertx(), context.request(), LIMITS)
        .onSuccess(body -> answer(call -> action.apply(body.toString(StandardCharsets.UTF_8))))
        .onFailure(this::refuse);
  }

  /** Sends a failure as an error. Logs internal errors. */
  void refuse(Throwable thrown) {
    if (thrown instanceof BadRequestException malformed) {
      refuse(400, malformed.line(), malformed.lines());
    } else if (thrown instanceof SeedConflictException conflict) {
      refuse(409, String.join("; ", conflict.lines()), conflict.lines());
    } else if (thrown instanceof ControlException refusal) {
      refuse(refusal.status(), refusal.line());
    } else {
      var failure = Failure.from(thrown);
      if (failure.reason() == Reason.INTERNAL) {
        LOG.log(System.Logger.Level.ERROR, context.request().path(), thrown);
      }
      refuse(status(failure.reason()), message(failure));
    }
  }

  private static String message(Failure failure) {
    var subject = failure.subject().map(text -> ": " + text).orElse("");
    return failure.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ') + subject;
  }

  private static int status(Reason reason) {
    return switch (reason) {
      case NO_SUCH_USER -> 404;
      case USER_EXISTS, USER_ID_EXISTS, ORGANIZATION_EXISTS, ROLE_EXISTS -> 409;
      case UNAVAILABLE, OVERLOADED, TIMED_OUT -> 503;
      case INVALID_VALUE -> 400;
      case BODY_TOO_LARGE -> 413;
      case NOT_SUPPORTED -> 501;
      default -> 500;
    };
  }

  /** Sends an error; several lines also as a list. */
  private void refuse(int status, String text, List<String> lines) {
    var body = new JsonObject().put("error", text);
    send(status, lines.size() < 2 ? body : body.put("errors", new JsonArray(lines)));
  }

  void refuse(int status, String text) {
    send(status, new JsonObject().put("error", text));
  }

  void send(int status, JsonObject body) {
    Json.send(context.request(), status, body);
  }
}
