package dev.doppel.dialect;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.EnumMap;
import java.util.Map;

/**
 * One operation of a vendor's reference. Immutable.
 *
 * @param path of literal segments and {@code :parameters}, each a whole segment
 * @param name the vendor's own name for it, unique in its dialect
 * @param open whether everyone may call it without credentials
 * @param deviations errors in which this operation differs from {@link Dialect#error}
 */
public record Operation(
    HttpMethod method,
    String path,
    String name,
    Action action,
    boolean open,
    Map<Reason, VendorError> deviations) {

  /** The code of an operation. It never writes, catches or logs. */
  @FunctionalInterface
  public interface Action {
    Future<Reply> answer(Call call);
  }

  /** The code of an operation that reads its body first. */
  @FunctionalInterface
  public interface BodyAction<T> {
    Future<Reply> answer(Call call, T body);
  }

  public Operation {
    deviations = Map.copyOf(deviations);
  }

  public static Operation get(String path, String name, Action action) {
    return of(HttpMethod.GET, path, name, action);
  }

  public static Operation head(String path, String name, Action action) {
    return of(HttpMethod.HEAD, path, name, action);
  }

  public static Operation delete(String path, String name, Action action) {
    return of(HttpMethod.DELETE, path, name, action);
  }

  public static Operation post(String path, String name, Action action) {
    return of(HttpMethod.POST, path, name, action);
  }

  public static <T> Operation post(String path, String name, Class<T> body, BodyAction<T> action) {
    return of(HttpMethod.POST, path, name, reading(body, action));
  }

  public static Operation put(String path, String name, Action action) {
    return of(HttpMethod.PUT, path, name, action);
  }

  public static <T> Operation put(String path, String name, Class<T> body, BodyAction<T> action) {
    return of(HttpMethod.PUT, path, name, reading(body, action));
  }

  public static Operation patch(String path, String name, Action action) {
    return of(HttpMethod.PATCH, path, name, action);
  }

  private static Operation of(HttpMethod method, String path, String name, Action action) {
    return new Operation(method, path, name, action, false, Map.of());
  }

  private static <T> Action reading(Class<T> body, BodyAction<T> action) {
    return call -> action.answer(call, call.body(body));
  }

  /** Returns this operation with another action. */
  public Operation with(Action action) {
    return new Operation(method, path, name, action, open, deviations);
  }

  /** Returns this operation open to everyone, without credentials. */
  public Operation forEveryone() {
    return new Operation(method, path, name, action, true, deviations);
  }

  /** Returns this operation with an error of its own for one reason. */
  public Operation when(Reason reason, VendorError error) {
    var all = new EnumMap<Reason, VendorError>(Reason.class);
    all.putAll(deviations);
    all.put(reason, error);
    return new Operation(method, path, name, action, open, all);
  }
}
