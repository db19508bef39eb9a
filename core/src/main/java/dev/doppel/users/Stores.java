package dev.doppel.users;

import io.vertx.core.Future;
import java.util.Optional;

/** The stores of one storage. Each call is a change of its own, or part of a larger one. */
public interface Stores {

  UserStore users();

  TokenStore tokens();

  RoleStore roles();

  OrganizationStore organizations();

  /** Returns a note about the storage itself, or empty if there is none with this name. */
  Future<Optional<String>> note(String name);

  /**
   * Stores a note, replacing the previous one with this name.
   *
   * @param text short and no secret; empty to delete the note
   */
  Future<Void> putNote(String name, Optional<String> text);

  /** Deletes everything but snapshots. */
  Future<Void> clear();
}
