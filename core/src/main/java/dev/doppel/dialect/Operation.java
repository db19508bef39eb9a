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
 * @param id the vendor's name for it
 * @param open whether everyone may call it without credentials
 * @param errors that this operation has instead of {@link Dialect#error}
 */
public record Operation(
    HttpMethod method,
    String path,
    VendorOperation id,
    Action action,
    boolean open,
    Map<Reason, VendorError> errors) {

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
    errors = Map.copyOf(errors);
  }

  /** Returns the vendor's own name for it, unique in its dialect. */
  public String name() {
    return id.operation();
  }

  public static Operation get(String path, VendorOperation id, Action action) {
    return of(HttpMethod.GET, path, id, action);
  }

  public static Operation head(String path, VendorOperation id, Action action) {
    return of(HttpMethod.HEAD, path, id, action);
  }

  public static Operation delete(String path, VendorOperation id, Action action) {
    return of(HttpMethod.DELETE, path, id, action);
  }

  public static Operation post(String path, VendorOperation id, Action action) {
    return of(HttpMethod.POST, path, id, action);
  }

  public static <T> Operation post(
      String path, VendorOperation id, Class<T> body, BodyAction<T> action) {
    return of(HttpMethod.POST, path, id, reading(body, action));
  }

  public static Operation put(String path, VendorOperation id, Action action) {
    return of(HttpMethod.PUT, path, id, action);
  }

  public static <T> Operation put(
      String path, VendorOperation id, Class<T> body, BodyAction<T> action) {
    return of(HttpMethod.PUT, path, id, reading(body, action));
  }

  public static Operation patch(String path, VendorOperation id, Action action) {
    return of(HttpMethod.PATCH, path, id, action);
  }

  private static Operation of(HttpMethod method, String path, VendorOperation id, Action action) {
    return new Operation(method, path, id, action, false, Map.of());
  }

  private static <T> Action reading(Class<T> body, BodyAction<T> action) {
    return call -> action.answer(call, call.body(body));
  }

  /** Returns this operation with another action. */
  public Operation with(Action action) {
    return new Operation(method, path, id, action, open, errors);
  }

  /** Returns this operation open to everyone, without credentials. */
  public Operation forEveryone() {
    return new Operation(method, path, id, action, true, errors);
  }

  /** Returns this operation with an error of its own for one reason. */
  public Operation when(Reason reason, VendorError error) {
    var all = new EnumMap<Reason, VendorError>(Reason.class);
    all.putAll(errors);
    all.put(reason, error);
    return new Operation(method, path, id, action, open, all);
  }
}
