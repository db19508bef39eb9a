package dev.doppel.users;

import io.vertx.core.Future;

/** The stores of one storage, each call of which is a change of its own or part of a larger one. */
public interface Stores {

  UserStore users();

  TokenStore tokens();

  RoleStore roles();

  OrganizationStore organizations();

  /** Forgets everything but snapshots. */
  Future<Void> clear();
}
