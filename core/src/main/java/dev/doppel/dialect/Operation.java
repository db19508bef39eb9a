package dev.doppel.dialect;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.EnumMap;
import java.util.Map;

/**
 * One line of a vendor's reference.
 *
 * @param path literal segments and {@code :parameters}, one segment each
 * @param name the vendor's own name for it, unique in its dialect
 * @param open whether it is for everyone, without credentials
 * @param deviations errors by which this operation departs from {@link Dialect#error}
 */
public record Operation(
    HttpMethod method,
    String path,
    String name,
    Action action,
    boolean open,
    Map<Reason, VendorError> deviations) {

  /** What an operation does. It never writes, catches or logs. */
  @FunctionalInterface
  public interface Action {
    Future<Reply> answer(Call call);
  }

  /** What an operation does with the body it reads first. */
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

  /** The same operation, done in another way. */
  public Operation with(Action action) {
    return new Operation(method, path, name, action, open, deviations);
  }

  /** The same operation for everyone, without credentials. */
  public Operation forEveryone() {
    return new Operation(method, path, name, action, true, deviations);
  }

  /** The same operation, which tells one reason in words of its own. */
  public Operation when(Reason reason, VendorError error) {
    var all = new EnumMap<Reason, VendorError>(Reason.class);
    all.putAll(deviations);
    all.put(reason, error);
    return new Operation(method, path, name, action, open, all);
  }
}
