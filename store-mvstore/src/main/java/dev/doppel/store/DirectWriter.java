package dev.doppel.store;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** For a store in memory: a change takes microseconds, so it runs on the caller's thread. */
final class DirectWriter implements Writer {

  private final ReentrantLock lock = new ReentrantLock();
  private final Runnable publish;
  private boolean closed;

  /**
   * @param publish called after each change
   */
  DirectWriter(Runnable publish) {
    this.publish = publish;
  }

  @Override
  public <T> Future<T> write(Supplier<T> change) {
    lock.lock();
    try {
      if (closed) {
        return Future.failedFuture(Failure.of(Reason.UNAVAILABLE));
      }
      var result = change.get();
      publish.run();
      return Future.succeededFuture(result);
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Future<Void> close() {
    lock.lock();
    try {
      closed = true;
      return Future.succeededFuture();
    } finally {
      lock.unlock();
    }
  }
}
