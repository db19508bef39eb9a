package dev.doppel.store;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * For content on disk: one thread makes the changes that have gathered since the last commit,
 * commits and syncs them together, and only then acknowledges each. A change that fails takes no
 * other with it; a commit that fails takes back all that it would have kept.
 *
 * <pre>
 *   write → queue → [ apply, apply, apply → commit + sync ] → acknowledge × 3
 * </pre>
 */
final class GroupCommitWriter implements Writer {

  private static final Logger LOG = System.getLogger(GroupCommitWriter.class.getName());
  private static final int QUEUE = 16_384;
  private static final int BATCH = 4_096;
  private static final long IDLE_MILLIS = 500;

  /** What a commit does, and how it is taken back. */
  interface Journal {
    void commit();

    void rollback();

    /**
     * Makes a step of whatever keeps the file in order; returns whether it wrote anything. Called
     * after each commit, and now and then when there is nothing to write.
     */
    boolean tidy(boolean idle);
  }

  private static final class Change<T> {
    final Supplier<T> change;
    final Promise<T> promise = Promise.promise();
    final @Nullable Context context = Vertx.currentContext();
    @Nullable T result;
    @Nullable Throwable failure;

    Change(Supplier<T> change) {
      this.change = change;
    }

    void apply() {
      try {
        result = change.get();
      } catch (RuntimeException thrown) {
        failure = thrown;
      }
    }

    void acknowledge() {
      if (context == null) {
        complete();
      } else {
        context.runOnContext(ignored -> complete());
      }
    }

    private void complete() {
      if (failure == null) {
        promise.complete(result);
      } else {
        promise.fail(failure);
      }
    }
  }

  private final Journal journal;
  private final Runnable published;
  private final BlockingQueue<Change<?>> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Promise<Void> closed = Promise.promise();
  private volatile boolean closing;

  /** Whether the last commit failed. */
  private boolean broke;

  /** Whether the last step of keeping the file in order failed. */
  private boolean untidy;

  /**
   * @param published called after each commit
   */
  GroupCommitWriter(Journal journal, Runnable published) {
    this.journal = journal;
    this.published = published;
    var thread = new Thread(this::run, "doppel-store-writer");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public <T> Future<T> write(Supplier<T> change) {
    if (closing) {
      return Future.failedFuture(Failure.of(Reason.UNAVAILABLE));
    }
    var queued = new Change<>(change);
    return queue.offer(queued)
        ? queued.promise.future()
        : Future.failedFuture(Failure.of(Reason.OVERLOADED));
  }

  private void run() {
    var batch = new ArrayList<Change<?>>();
    while (!(closing && queue.isEmpty())) {
      var idle = false;
      try {
        var first = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        idle = first == null;
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH - 1);
          commit(batch);
        }
      } catch (InterruptedException e) {
        closing = true;
      } finally {
        batch.forEach(Change::acknowledge);
        batch.clear();
      }
      tidy(idle);
    }
    closed.complete();
  }

  private void tidy(boolean idle) {
    try {
      if (journal.tidy(idle)) {
        published.run(); // or the version before it would be kept
      }
      untidy = false;
    } catch (RuntimeException broken) { // the next commit says whether changes are kept
      if (!untidy) {
        LOG.log(Level.ERROR, "the store can''t be tidied: {0}", broken.getMessage());
      }
      untidy = true;
      rollback();
    }
  }

  private void rollback() {
    journal.rollback();
    published.run();
  }

  private void commit(List<Change<?>> batch) {
    try {
      batch.forEach(Change::apply);
      journal.commit();
      published.run();
      if (broke) {
        LOG.log(Level.INFO, "the store keeps changes again");
      }
      broke = false;
    } catch (RuntimeException | Error broken) { // an error must not acknowledge anything either
      var failure = Failure.of(Reason.UNAVAILABLE, broken);
      if (!broke) { // and not again for each that comes after it
        LOG.log(Level.ERROR, "the store can''t keep changes any more: {0}", broken.getMessage());
      }
      broke = true;
      batch.forEach(change -> change.failure = failure);
      rollback();
    }
  }

  @Override
  public Future<Void> close() {
    closing = true;
    queue.offer(new Change<>(() -> null)); // so that the thread need not wait to notice
    return closed.future();
  }
}
