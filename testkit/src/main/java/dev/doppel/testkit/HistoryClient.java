package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Storage;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** One of several clients that make random calls on users and record them in a history. */
final class HistoryClient {
  private static final List<String> NAMES = List.of("ann", "bob", "cyd");

  private final Storage storage;
  private final Random random;
  private final History<Map<String, UserId>> history;

  /** The id of the user that was found last, to rename or delete it. */
  private UserId lastFound = new UserId(1);

  HistoryClient(Storage storage, Random random, History<Map<String, UserId>> history) {
    this.storage = storage;
    this.random = random;
    this.history = history;
  }

  /**
   * Creates, finds, renames or deletes a user.
   *
   * @param fresh id of the user if one is created
   */
  void call(UserId fresh) {
    var name = NAMES.get(random.nextInt(NAMES.size()));
    switch (random.nextInt(5)) {
      case 0, 1 -> create(fresh, name);
      case 2 -> find(name);
      case 3 -> rename(lastFound, name);
      default -> delete(lastFound);
    }
  }

  private void create(UserId id, String name) {
    record(
        "create " + name + " as " + id,
        () ->
            storage
                .users()
                .insert(StorageFixture.user(id.value(), "user" + id.value()).withName(name)),
        (users, reason) ->
            users.containsKey(name)
                ? afterFailure(users, reason, Reason.USER_EXISTS)
                : afterSuccess(reason, with(users, name, id)));
  }

  private void find(String name) {
    var started = System.nanoTime();
    var found = await(Failure.emptyIf(Reason.NO_SUCH_USER, storage.users().find(name)));
    var ended = System.nanoTime();
    var id = found.map(User::id);
    id.ifPresent(value -> lastFound = value);
    history.add(
        new History.Call<>(
            "find " + name + ": " + id,
            started,
            ended,
            users ->
                Optional.of(users).filter(all -> Optional.ofNullable(all.get(name)).equals(id))));
  }

  private void rename(UserId id, String name) {
    record(
        "rename " + id + " to " + name,
        () -> storage.users().update(id, user -> user.withName(name)),
        (users, reason) -> {
          if (!users.containsValue(id)) {
            return afterFailure(users, reason, Reason.NO_SUCH_USER);
          }
          return users.containsKey(name) && !id.equals(users.get(name))
              ? afterFailure(users, reason, Reason.USER_EXISTS)
              : afterSuccess(reason, with(without(users, id), name, id));
        });
  }

  private void delete(UserId id) {
    record(
        "delete " + id,
        () -> storage.users().delete(id),
        (users, reason) ->
            users.containsValue(id)
                ? afterSuccess(reason, without(users, id))
                : afterFailure(users, reason, Reason.NO_SUCH_USER));
  }

  /**
   * Makes a call and records it.
   *
   * @param effect maps the users before the call, and the reason of its failure if it failed, to
   *     the users after it; empty if the call would have had another result
   */
  private void record(
      String text,
      Supplier<Future<User>> call,
      BiFunction<Map<String, UserId>, Optional<Reason>, Optional<Map<String, UserId>>> effect) {
    var started = System.nanoTime();
    var reason =
        await(
            call.get()
                .map(done -> Optional.<Reason>empty())
                .recover(
                    thrown -> Future.succeededFuture(Optional.of(Failure.from(thrown).reason()))));
    var ended = System.nanoTime();
    history.add(
        new History.Call<>(
            text + ": " + reason.map(Reason::toString).orElse("done"),
            started,
            ended,
            users ->
                reason.equals(Optional.of(Reason.OVERLOADED))
                    ? Optional.of(users) // the call had no effect
                    : effect.apply(users, reason)));
  }

  private static Optional<Map<String, UserId>> afterFailure(
      Map<String, UserId> users, Optional<Reason> reason, Reason expected) {
    return reason.equals(Optional.of(expected)) ? Optional.of(users) : Optional.empty();
  }

  private static Optional<Map<String, UserId>> afterSuccess(
      Optional<Reason> reason, Map<String, UserId> users) {
    return reason.isEmpty() ? Optional.of(users) : Optional.empty();
  }

  private static Map<String, UserId> with(Map<String, UserId> users, String name, UserId id) {
    var all = new HashMap<>(users);
    all.put(name, id);
    return all;
  }

  private static Map<String, UserId> without(Map<String, UserId> users, UserId id) {
    var all = new HashMap<>(users);
    all.values().remove(id);
    return all;
  }
}
