package dev.doppel.gateway.control;

import static dev.doppel.BadRequestException.check;

import dev.doppel.BadRequestException;
import dev.doppel.CallScope;
import dev.doppel.PlannedFault;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.Suggestions;
import dev.doppel.gateway.fault.Faults;
import dev.doppel.gateway.input.StrictInput;
import dev.doppel.gateway.realm.HostedRealm;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The operations of the control plane for planned faults. */
public final class ControlFaults implements ControlRoutes {

  private final Faults faults;
  private final List<Dialect> dialects;

  ControlFaults(HostedRealm realm) {
    faults = realm.faults();
    dialects = realm.dialects();
  }

  @Override
  public void mount(Router api) {
    api.get("/faults").handler(context -> new ControlCall(context).answer(this::list));
    api.post("/faults").handler(context -> new ControlCall(context).answerBody(this::plan));
    api.delete("/faults").handler(context -> new ControlCall(context).answer(this::clear));
    api.get("/faults/:id").handler(context -> new ControlCall(context).answer(this::get));
    api.delete("/faults/:id").handler(context -> new ControlCall(context).answer(this::remove));
  }

  private Future<JsonObject> plan(String text) {
    var plan = StrictInput.json(text, FaultBody.class, FaultBody.EMPTY).toPlannedFault();
    checkScope(dialects, plan.scope());
    try {
      return Future.succeededFuture(json(faults.plan(plan)));
    } catch (IllegalStateException tooMany) {
      throw ControlException.conflict(Faults.MAX_FAULTS + " faults at most");
    }
  }

  /**
   * Checks that a scope names a served dialect and one of its operations, if any.
   *
   * @throws BadRequestException that says what is allowed, and suggests the nearest name
   */
  public static void checkScope(List<Dialect> dialects, CallScope scope) {
    var names = dialects.stream().map(Dialect::name).toList();
    scope
        .dialect()
        .ifPresent(
            name ->
                check(
                    names.contains(name), () -> "dialect: " + Suggestions.notAllowed(name, names)));
    scope.operation().ifPresent(name -> checkOperation(dialects, scope.dialect(), name));
  }

  private static void checkOperation(List<Dialect> dialects, Optional<String> only, String name) {
    var operations =
        dialects.stream()
            .filter(one -> only.map(one.name()::equals).orElse(true))
            .flatMap(ControlFaults::operations)
            .collect(Collectors.toCollection(TreeSet::new));
    check(
        operations.contains(name),
        () ->
            "operation: %s is not an operation of %s; use one that GET %s/operations names%s"
                .formatted(
                    Suggestions.quote(name),
                    only.orElse("any dialect"),
                    ControlPlane.PREFIX,
                    Suggestions.didYouMean(name, operations)));
  }

  private static Stream<String> operations(Dialect dialect) {
    return Stream.concat(
        dialect.operations().stream().map(Operation::name), dialect.grpcOperations().stream());
  }

  private static JsonObject json(Faults.Status status) {
    return new JsonObject()
        .put("id", status.id())
        .mergeIn(encode(status.plan()))
        .put("seen", status.seen())
        .put("struck", status.injected());
  }

  /** Returns the body of a request that plans a fault. */
  public static JsonObject encode(PlannedFault fault) {
    return FaultBody.json(fault);
  }

  /**
   * Returns the fault that the control plane shows as this JSON.
   *
   * @throws RuntimeException if it isn't a fault
   */
  public static Faults.Status decode(JsonObject json) {
    var body = json.copy();
    var id = (Number) body.remove("id");
    var seen = (Number) body.remove("seen");
    var injected = (Number) body.remove("struck");
    var plan = StrictInput.json(body.encode(), FaultBody.class, FaultBody.EMPTY).toPlannedFault();
    return new Faults.Status(id.longValue(), plan, seen.longValue(), injected.longValue());
  }

  private Future<JsonObject> list(ControlCall call) {
    var all = faults.all().stream().map(ControlFaults::json).collect(Collectors.toList());
    return Future.succeededFuture(new JsonObject().put("faults", new JsonArray(all)));
  }

  private Future<JsonObject> clear(ControlCall call) {
    return Future.succeededFuture(new JsonObject().put("removed", faults.clear()));
  }

  private Future<JsonObject> get(ControlCall call) {
    return Future.succeededFuture(json(required(call, faults::find)));
  }

  private Future<JsonObject> remove(ControlCall call) {
    var removed = required(call, faults::remove);
    return Future.succeededFuture(new JsonObject().put("removed", 1).put("fault", json(removed)));
  }

  private static Faults.Status required(
      ControlCall call, LongFunction<Optional<Faults.Status>> find) {
    var id = call.parameter("id");
    check(
        id.matches("[1-9][0-9]{0,17}"),
        () -> "fault: " + Suggestions.notAllowed(id, "a number from 1 on"));
    return find.apply(Long.parseLong(id))
        .orElseThrow(() -> ControlException.notFound("no fault of this number: " + id));
  }
}
