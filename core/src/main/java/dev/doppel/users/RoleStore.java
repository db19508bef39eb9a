package dev.doppel.users;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.UnaryOperator;

/** Keeps roles by name. Promises as for {@link UserStore}. */
public interface RoleStore {

  /** Fails with ROLE_EXISTS. */
  Future<Role> insert(Role role);

  /** Fails with NO_SUCH_ROLE. */
  Future<Role> find(String name);

  /** All roles, in ascending order of name. */
  Future<List<Role>> list();

  /** Fails with NO_SUCH_ROLE. The change may run more than once and must not alter the name. */
  Future<Role> update(String name, UnaryOperator<Role> change);

  /** Removes a role, also from all who hold it, and gives it back. Fails with NO_SUCH_ROLE. */
  Future<Role> delete(String name);
}
