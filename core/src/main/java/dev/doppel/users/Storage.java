package dev.doppel.users;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** All stores, opened and closed together. Thread-safe. */
public interface Storage extends Stores {

  /**
   * Makes several changes atomically: all of them are stored, or none, and readers see all of them
   * or none. No other change of users, roles or organizations happens between the first read and
   * the last change, so conditions that were checked still hold. After a failed change, the whole
   * work must fail.
   *
   * @param work receives stores whose calls are part of this change, and which can't be used
   *     afterwards; may be called more than once; must wait for nothing but these stores, so
   *     passwords have to be hashed before
   * @return the result of the work; fails as the work, or with OVERLOADED or UNAVAILABLE
   */
  <T> Future<T> change(Function<Stores, Future<T>> work);

  /**
   * Returns a node number for {@link Ids}, 0 to 1023, which no other process with the same storage
   * has; a different one with every call.
   */
  Future<Integer> node();

  /** Checks that the storage can be read and changed. Fails with UNAVAILABLE if not. */
  Future<Void> ping();

  /** Rebuilds derived data: indexes and counts. */
  Future<Void> reindex();

  /** Takes a snapshot of the content, which can be {@linkplain #restore restored} until close. */
  Future<Snapshot> snapshot();

  /**
   * Restores a snapshot, which can be restored again later. Discards snapshots that were taken
   * after it; restoring one of those fails with {@link IllegalArgumentException}.
   */
  Future<Void> restore(Snapshot snapshot);

  /**
   * Writes a copy to a new file, which can be opened as a file store. The copy contains all changes
   * acknowledged before the call, and no incomplete ones. Changes can go on meanwhile.
   *
   * @param target readable by its owner only; deleted if the copy fails
   * @return fails with {@link UnsupportedOperationException}, whose message names an alternative,
   *     if the storage doesn't support it; with UNAVAILABLE if the file exists or can't be written;
   *     with OVERLOADED if too many copies are in progress
   */
  Future<Void> backup(Path target);

  /** Returns the counts of this storage's calls, one for each kind; empty if it counts none. */
  default List<StoreCalls> calls() {
    return List.of();
  }

  /**
   * Returns the number of sessions, including those that have expired but are not deleted yet;
   * empty if the storage would have to count them one by one. Doesn't block.
   */
  default OptionalLong sessionCount() {
    return OptionalLong.empty();
  }

  /** Completes the calls in progress, then closes all files, threads and connections. */
  Future<Void> close();

  /** The identity of a snapshot within its storage. */
  record Snapshot(long number) {}
}
