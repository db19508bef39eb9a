package dev.doppel.store;

import dev.doppel.users.Alias;
import dev.doppel.users.Status;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Users for tests of this module, and a method to wait for a future. */
final class TestUsers {

  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
  private static final long SECONDS = 300;

  private TestUsers() {}

  static User administrator(long id, String name) {
    return user(id, name, true, "{}");
  }

  static User user(long id, String name, String extras) {
    return user(id, name, false, extras);
  }

  private static User user(long id, String name, boolean administrator, String extras) {
    return new User(
        new UserId(id),
        name,
        Status.ACTIVE,
        Optional.empty(),
        Optional.of(name + "@example.com"),
        Optional.of(NOW),
        Optional.of("The " + name),
        administrator,
        false,
        Optional.empty(),
        Set.of(),
        Map.of(),
        NOW,
        NOW,
        1,
        0,
        List.of(new Alias("dialect", "old-" + name)),
        Map.of("dialect", extras));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no result within " + SECONDS + " s", e);
    }
  }
}
