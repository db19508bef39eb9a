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
 * For a store in a file: one thread applies the changes that were queued since the last commit,
 * commits and syncs them together, and then acknowledges each. A change that fails affects no
 * other; a commit that fails undoes all its changes.
 *
 * <pre>
 *   write → queue → [ apply, apply, apply → commit + sync ] → acknowledge × 3
 * </pre>
 */
final class GroupCommitWriter implements Writer {

  private static final Logger LOG = System.getLogger(GroupCommitWriter.class.getName());
  private static final int MAX_WAITING = 16_384;
  private static final int MAX_BATCH = 4_096;
  private static final long IDLE_MILLIS = 500;

  /** Makes applied changes durable. */
  interface Journal {
    /** Commits and syncs all changes since the last commit. */
    void commit();

    /** Undoes all changes since the last commit. */
    void rollback();

    /**
     * Runs a step of maintenance, such as compaction; returns whether it wrote anything.
     *
     * @param idle whether there has been no change for a while; otherwise a commit came before it
     */
    boolean maintain(boolean idle);
  }

  private static final class QueuedChange<T> {
    final Supplier<T> change;
    final Promise<T> promise = Promise.promise();
    final @Nullable Context context = Vertx.currentContext();
    @Nullable T result;
    @Nullable Throwable failure;

    QueuedChange(Supplier<T> change) {
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
  private final Runnable publish;
  private final BlockingQueue<QueuedChange<?>> queue = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Promise<Void> closed = Promise.promise();
  private volatile boolean closing;

  private boolean didCommitFail;

  private boolean didMaintenanceFail;

  /**
   * @param publish called after each commit
   */
  GroupCommitWriter(Journal journal, Runnable publish) {
    this.journal = journal;
    this.publish = publish;
    var thread = new Thread(this::run, "doppel-store-writer");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public <T> Future<T> write(Supplier<T> change) {
    if (closing) {
      return Future.failedFuture(Failure.of(Reason.UNAVAILABLE));
    }
    var queued = new QueuedChange<>(change);
    return queue.offer(queued)
        ? queued.promise.future()
        : Future.failedFuture(Failure.of(Reason.OVERLOADED));
  }

  private void run() {
    var batch = new ArrayList<QueuedChange<?>>();
    while (!(closing && queue.isEmpty())) {
      var idle = false;
      try {
        var first = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        idle = first == null;
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, MAX_BATCH - 1);
          commit(batch);
        }
      } catch (InterruptedException e) {
        closing = true;
      } finally {
        batch.forEach(QueuedChange::acknowledge);
        batch.clear();
      }
      maintain(idle);
    }
    closed.complete();
  }

  private void maintain(boolean idle) {
    try {
      if (journal.maintain(idle)) {
        publish.run(); // so that no reader keeps the version before it
      }
      didMaintenanceFail = false;
    } catch (RuntimeException thrown) { // the next commit shows whether changes can be made
      if (!didMaintenanceFail) {
        LOG.log(Level.ERROR, "the store''s file can''t be compacted: {0}", thrown.getMessage());
      }
      didMaintenanceFail = true;
      rollback();
    }
  }

  private void rollback() {
    journal.rollback();
    publish.run();
  }

  private void commit(List<QueuedChange<?>> batch) {
    try {
      batch.forEach(QueuedChange::apply);
      journal.commit();
      publish.run();
      if (didCommitFail) {
        LOG.log(Level.INFO, "the store accepts changes again");
      }
      didCommitFail = false;
    } catch (RuntimeException | Error thrown) { // an error must not acknowledge a change either
      var failure = Failure.of(Reason.UNAVAILABLE, thrown);
      if (!didCommitFail) { // and not again for each later commit
        LOG.log(Level.ERROR, "the store can''t make changes any more: {0}", thrown.getMessage());
      }
      didCommitFail = true;
      batch.forEach(change -> change.failure = failure);
      rollback();
    }
  }

  @Override
  public Future<Void> close() {
    closing = true;
    queue.offer(new QueuedChange<>(() -> null)); // wakes the thread
    return closed.future();
  }
}
