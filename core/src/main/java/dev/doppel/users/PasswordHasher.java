package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hashes and checks passwords on workers of its own, never on an event loop. What the workers can't
 * take on is refused with {@link Reason#OVERLOADED} at once rather than left to wait for long.
 */
public final class PasswordHasher implements AutoCloseable {

  private final HashScheme scheme;
  private final WorkerExecutor workers;
  private final int limit;
  private final AtomicInteger pending = new AtomicInteger();

  /**
   * @param threads how many passwords are hashed side by side
   * @param waiting how many more may wait for their turn
   */
  public PasswordHasher(Vertx vertx, HashScheme scheme, int threads, int waiting) {
    this.scheme = scheme;
    this.workers = vertx.createSharedWorkerExecutor("doppel-hasher-" + hashCode(), threads);
    this.limit = threads + waiting;
  }

  public Future<PasswordHash> hash(Password password) {
    return work(() -> scheme.hash(password));
  }

  /**
   * Whether the password belongs to the hash. Without a hash the answer is no, after the same work,
   * so that nobody can tell from the time whether there was one.
   */
  public Future<Boolean> matches(Password password, Optional<PasswordHash> hash) {
    return work(
        () -> HashScheme.matches(password, hash.orElse(scheme.nobodys())) && hash.isPresent());
  }

  /** Whether the hash should be replaced by a new one at the next occasion. */
  public boolean outdated(PasswordHash hash) {
    return !scheme.made(hash);
  }

  private <T> Future<T> work(Callable<T> task) {
    if (pending.incrementAndGet() > limit) {
      pending.decrementAndGet();
      return Future.failedFuture(Failure.of(Reason.OVERLOADED));
    }
    return workers
        .executeBlocking(task, false)
        .onComplete(done -> pending.decrementAndGet())
        .onFailure(MemoryErrors::report);
  }

  @Override
  public void close() {
    workers.close();
  }
}
