package dev.doppel.users;

import io.vertx.core.Future;

/** Everything that keeps something, opened and closed as one. */
public interface Storage {

  UserStore users();

  TokenStore tokens();

  RoleStore roles();

  OrganizationStore organizations();

  /** Whether the storage can serve right now; fails with UNAVAILABLE if not. */
  Future<Void> ping();

  /** Remembers the present content, to go back to with {@link #restore}, until it is closed. */
  Future<Snapshot> snapshot();

  /**
   * Goes back to a snapshot as often as wanted. Snapshots taken after it are forgotten; restoring
   * one of those fails with {@link IllegalArgumentException}.
   */
  Future<Void> restore(Snapshot snapshot);

  /** Acknowledges what was under way, then lets go of every file, thread and connection. */
  Future<Void> close();

  /** A moment in the life of one storage. */
  record Snapshot(long number) {}
}
