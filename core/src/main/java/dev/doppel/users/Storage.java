package dev.doppel.users;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** Everything that keeps something, opened and closed as one. */
public interface Storage {

  /** A storage that can't be opened, in one line for whoever chose it. */
  final class Unopenable extends RuntimeException {

    /**
     * @param message never with a secret in it
     */
    public Unopenable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  UserStore users();

  TokenStore tokens();

  RoleStore roles();

  OrganizationStore organizations();

  /**
   * Does what only one of the processes that share the storage may do at a time. Fails as the work
   * does, or with UNAVAILABLE if its turn doesn't come in time.
   */
  <T> Future<T> exclusively(Supplier<Future<T>> work);

  /**
   * A number for {@link Ids} that no other process has which shares the storage, 0 to 1023; another
   * one with every call.
   */
  Future<Integer> node();

  /** Whether the storage can serve and keep changes right now; fails with UNAVAILABLE if not. */
  Future<Void> ping();

  /** Forgets everything but snapshots. */
  Future<Void> clear();

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
