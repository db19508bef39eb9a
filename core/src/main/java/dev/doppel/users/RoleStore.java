package dev.doppel.users;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.UnaryOperator;

/** Stores roles by name, with the guarantees of {@link UserStore}. */
public interface RoleStore {

  /** Stores a new role. Fails with ROLE_EXISTS. */
  Future<Role> insert(Role role);

  /** Returns the role with this name. Fails with NO_SUCH_ROLE. */
  Future<Role> find(String name);

  /** Returns all roles, in ascending order of name. */
  Future<List<Role>> list();

  /**
   * Changes a role. Fails with NO_SUCH_ROLE.
   *
   * @param change may be called more than once, and must not change the name
   */
  Future<Role> update(String name, UnaryOperator<Role> change);

  /** Deletes a role, also from all users, and returns it. Fails with NO_SUCH_ROLE. */
  Future<Role> delete(String name);
}
