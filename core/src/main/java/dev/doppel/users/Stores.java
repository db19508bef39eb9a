package dev.doppel.users;

import io.vertx.core.Future;
import java.util.Optional;

/** The stores of one storage, each call of which is a change of its own or part of a larger one. */
public interface Stores {

  UserStore users();

  TokenStore tokens();

  RoleStore roles();

  OrganizationStore organizations();

  /**
   * Returns a short text about the storage itself that was kept under a name; empty if there is
   * none.
   */
  Future<Optional<String>> note(String name);

  /**
   * Keeps such a text in the place of the one before, or none.
   *
   * @param text no secret
   */
  Future<Void> keepNote(String name, Optional<String> text);

  /** Forgets everything but snapshots. */
  Future<Void> clear();
}
