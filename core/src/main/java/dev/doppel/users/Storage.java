package dev.doppel.users;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.function.Function;

/** Everything that keeps something, opened and closed as one. */
public interface Storage extends Stores {

  /**
   * Makes several changes as one: all of them are kept, or none. Readers see all of them or none.
   * No other change of users, roles or organizations takes place between the first read of the work
   * and its last change, so conditions that it has checked still hold. The work must wait for
   * nothing but these stores; passwords are hashed beforehand. It may run more than once. After a
   * changing call has failed, the work must fail, too.
   *
   * @param work given stores whose calls are part of this change; not to be used afterwards
   * @return what the work returns; fails as the work does, or with OVERLOADED or UNAVAILABLE
   */
  <T> Future<T> change(Function<Stores, Future<T>> work);

  /**
   * A number for {@link Ids} that no other process has which shares the storage, 0 to 1023; another
   * one with every call.
   */
  Future<Integer> node();

  /** Whether the storage can serve and keep changes right now; fails with UNAVAILABLE if not. */
  Future<Void> ping();

  /** Makes anew what is derived from what is kept: indexes and counts. */
  Future<Void> reindex();

  /** Remembers the present content, to go back to with {@link #restore}, until it is closed. */
  Future<Snapshot> snapshot();

  /**
   * Goes back to a snapshot as often as wanted. Snapshots taken after it are forgotten; restoring
   * one of those fails with {@link IllegalArgumentException}.
   */
  Future<Void> restore(Snapshot snapshot);

  /**
   * Writes a copy into a new file, which opens as a store in a file. It holds everything that was
   * acknowledged before, and no part of a change; changes go on meanwhile.
   *
   * @param target created for its owner alone; deleted again if the copy fails
   * @return fails with {@link UnsupportedOperationException}, whose message says what to use
   *     instead, where a storage can't; with UNAVAILABLE if the file can't be written or exists;
   *     with OVERLOADED where too many are being made
   */
  Future<Void> backup(Path target);

  /** Acknowledges what was under way, then lets go of every file, thread and connection. */
  Future<Void> close();

  /** A moment in the life of one storage. */
  record Snapshot(long number) {}
}
