package dev.doppel.store;

import java.util.concurrent.TimeUnit;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;

/**
 * Keeps a store's file small. MVStore writes each commit as a chunk, which takes its space until
 * none of its pages is in use; pages of chunks that are mostly unused are written anew, and chunks
 * behind free space are moved into it. That is done in steps, between commits and by the same
 * thread, so that a change waits for one step at most.
 *
 * <pre>
 *   under load   1 MiB is written anew after each 4 MiB, below 60 % in use
 *   idle         up to 4 MiB are moved or written anew twice a second, below 75 % in use
 *   at close     as when idle, for a second
 * </pre>
 */
final class Compaction {

  /** A step writes this much at most, and its commit. */
  static final int IDLE_STEP = 4 << 20;

  private static final int BUSY_STEP = 1 << 20;
  private static final int BUSY_INTERVAL = 4 << 20;
  private static final int BUSY_RATE = 60;
  private static final int IDLE_RATE = 75;

  /** So much of the file in chunks is enough: rather free space than moved again and again. */
  private static final int MOVE_RATE = 90;

  /** Without any change, no more is written anew than this many times the file's size. */
  private static final int MAX_REWRITES = 3;

  /** How long closing may be delayed, and one step. A second, of the five that SIGTERM has. */
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MVStore store;
  private final RandomAccessStore file;
  private long changed;
  private long idleBudget;

  Compaction(MVStore store) {
    this.store = store;
    file = (RandomAccessStore) store.getFileStore();
    idleBudget = budget();
  }

  private long budget() {
    return MAX_REWRITES * file.size() + IDLE_STEP;
  }

  /**
   * Counts what a commit writes.
   *
   * @param bytes about how much
   */
  void committing(long bytes) {
    changed += bytes;
    idleBudget = budget();
  }

  /** Returns whether a step may be left to make; quickly. */
  boolean isDue(boolean idle) {
    return idle ? idleBudget > 0 : changed >= BUSY_INTERVAL;
  }

  /** Makes a step after a commit; returns whether anything was written. */
  boolean stepBusy() {
    changed = 0;
    return rewrite(BUSY_RATE, BUSY_STEP);
  }

  /** Makes a step while there is nothing else to write; returns whether anything was written. */
  boolean stepIdle() {
    idleBudget -= IDLE_STEP;
    var version = store.getCurrentVersion();
    if (!move()) { // which comes first, so that the file hardly grows before it shrinks
      rewrite(IDLE_RATE, (int) Math.min(IDLE_STEP, file.size() / 16));
    }
    if (store.getCurrentVersion() == version) {
      idleBudget = 0;
      return false;
    }
    return true;
  }

  private boolean rewrite(int rate, int bytes) {
    if (!store.compact(rate, bytes)) {
      return false;
    }
    store.commit();
    store.sync(); // before the space of what was written anew is used again
    return true;
  }

  /** Moves chunks into free space before them; returns whether the file is smaller now. */
  private boolean move() {
    var before = file.size();
    file.compactMoveChunks(MOVE_RATE, IDLE_STEP, store);
    return file.size() < before;
  }

  /**
   * Makes steps for a limited time.
   *
   * @param published called after each, so that the versions before it needn't be kept
   */
  void finish(Runnable published) {
    var begin = System.nanoTime();
    while (System.nanoTime() - begin < CLOSE_NANOS && isDue(true) && stepIdle()) {
      published.run();
    }
  }
}
