package dev.doppel.store;

import java.util.concurrent.TimeUnit;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;

/**
 * Keeps a store's file small. MVStore writes each commit as a chunk, which occupies its space until
 * none of its pages is in use. Compaction rewrites the pages of chunks that are mostly unused, and
 * moves chunks into free space before them. It does so in steps, between commits and on the same
 * thread, so that a change waits for one step at most.
 *
 * <pre>
 *   under load   rewrites 1 MiB after each 4 MiB of commits, if less than 60 % is in use
 *   idle         moves or rewrites up to 4 MiB twice a second, if less than 75 % is in use
 *   at close     as when idle, for a second
 * </pre>
 */
final class Compaction {

  /** Maximum number of bytes that a step writes, besides its commit. */
  static final int IDLE_STEP_BYTES = 4 << 20;

  private static final int BUSY_STEP_BYTES = 1 << 20;
  private static final int BUSY_INTERVAL_BYTES = 4 << 20;
  private static final int BUSY_MIN_PERCENT = 60;
  private static final int IDLE_MIN_PERCENT = 75;

  /** With this share of the file in chunks, none is moved, so that they aren't moved repeatedly. */
  private static final int MOVE_MIN_PERCENT = 90;

  /** Maximum of rewritten bytes without a change, in multiples of the file's size. */
  private static final int MAX_REWRITES = 3;

  /** Maximum delay of closing, besides one step: one of the five seconds that SIGTERM allows. */
  private static final long MAX_CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MVStore store;
  private final RandomAccessStore file;
  private long committedBytes;
  private long idleBudget;

  Compaction(MVStore store) {
    this.store = store;
    file = (RandomAccessStore) store.getFileStore();
    idleBudget = newIdleBudget();
  }

  private long newIdleBudget() {
    return MAX_REWRITES * file.size() + IDLE_STEP_BYTES;
  }

  /**
   * Counts the bytes of a commit.
   *
   * @param bytes approximate number
   */
  void onCommit(long bytes) {
    committedBytes += bytes;
    idleBudget = newIdleBudget();
  }

  /** Returns whether a step may have something to do, without reading the file. */
  boolean isDue(boolean idle) {
    return idle ? idleBudget > 0 : committedBytes >= BUSY_INTERVAL_BYTES;
  }

  /** Runs a step after a commit; returns whether it wrote anything. */
  boolean stepBusy() {
    committedBytes = 0;
    return rewrite(BUSY_MIN_PERCENT, BUSY_STEP_BYTES);
  }

  /** Runs a step while there is nothing to commit; returns whether it wrote anything. */
  boolean stepIdle() {
    idleBudget -= IDLE_STEP_BYTES;
    var version = store.getCurrentVersion();
    if (!move()) { // first, so that the file hardly grows before it shrinks
      rewrite(IDLE_MIN_PERCENT, (int) Math.min(IDLE_STEP_BYTES, file.size() / 16));
    }
    if (store.getCurrentVersion() == version) {
      idleBudget = 0;
      return false;
    }
    return true;
  }

  private boolean rewrite(int minPercent, int bytes) {
    if (!store.compact(minPercent, bytes)) {
      return false;
    }
    store.commit();
    store.sync(); // before the space of rewritten pages is used again
    return true;
  }

  /** Moves chunks into free space before them; returns whether the file became smaller. */
  private boolean move() {
    var before = file.size();
    file.compactMoveChunks(MOVE_MIN_PERCENT, IDLE_STEP_BYTES, store);
    return file.size() < before;
  }

  /**
   * Runs steps for a limited time.
   *
   * @param publish called after each step, so that no reader keeps the versions before it
   */
  void finish(Runnable publish) {
    var begin = System.nanoTime();
    while (System.nanoTime() - begin < MAX_CLOSE_NANOS && isDue(true) && stepIdle()) {
      publish.run();
    }
  }
}
