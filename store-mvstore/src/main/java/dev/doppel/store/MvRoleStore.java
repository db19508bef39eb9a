package dev.doppel.store;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Role;
import dev.doppel.users.RoleStore;
import dev.doppel.users.TextOrder;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Roles, in {@link Tables#roles}. */
final class MvRoleStore implements RoleStore {

  private final Tables tables;
  private final Access access;
  private final MvUserStore users;

  MvRoleStore(Tables tables, Access access, MvUserStore users) {
    this.tables = tables;
    this.access = access;
    this.users = users;
  }

  @Override
  public Future<Role> insert(Role role) {
    return access.write(
        change -> {
          if (change.has(tables.roles, role.name())) {
            throw Failure.of(Reason.ROLE_EXISTS, role.name());
          }
          change.put(tables.roles, role.name(), role);
          return role;
        });
  }

  private Role requireFound(State state, String name) {
    var role = state.get(tables.roles, name);
    if (role == null) {
      throw Failure.of(Reason.NO_SUCH_ROLE, name);
    }
    return role;
  }

  @Override
  public Future<Role> find(String name) {
    return access.read(state -> requireFound(state, name));
  }

  @Override
  public Future<List<Role>> list() {
    return access.read(
        state -> {
          var all = state.values(tables.roles);
          all.sort(Comparator.comparing(Role::name, TextOrder.BY_CODE_POINT));
          return all;
        });
  }

  @Override
  public Future<Role> update(String name, UnaryOperator<Role> update) {
    return access.write(
        change -> {
          var after = update.apply(requireFound(change, name));
          change.put(tables.roles, name, after);
          return after;
        });
  }

  @Override
  public Future<Role> delete(String name) {
    return access.write(
        change -> {
          var role = requireFound(change, name);
          users.revokeFromAll(change, name);
          change.remove(tables.roles, name);
          return role;
        });
  }
}
