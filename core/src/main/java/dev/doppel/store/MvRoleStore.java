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
import org.h2.mvstore.MVMap;

/**
 *
 *
 * <pre>
 *   roles  name → role
 * </pre>
 */
final class MvRoleStore implements RoleStore {

  private final MvStorage storage;
  private final MVMap<String, Role> roles;

  private final MvUserStore users;

  MvRoleStore(MvStorage storage, MvUserStore users) {
    this.storage = storage;
    this.users = users;
    roles = storage.byName("roles", StoredTypes.ROLE);
  }

  @Override
  public Future<Role> insert(Role role) {
    return storage.write(
        () -> {
          if (roles.putIfAbsent(role.name(), role) != null) {
            throw Failure.of(Reason.ROLE_EXISTS, role.name());
          }
          return role;
        });
  }

  private Role known(String name) {
    var role = roles.get(name);
    if (role == null) {
      throw Failure.of(Reason.NO_SUCH_ROLE, name);
    }
    return role;
  }

  @Override
  public Future<Role> find(String name) {
    return storage.read(() -> known(name));
  }

  @Override
  public Future<List<Role>> list() {
    return storage.read(
        () ->
            roles.values().stream()
                .sorted(Comparator.comparing(Role::name, TextOrder.BY_CODE_POINT))
                .toList());
  }

  @Override
  public Future<Role> update(String name, UnaryOperator<Role> change) {
    return storage.write(
        () -> {
          var after = change.apply(known(name));
          roles.put(name, after);
          return after;
        });
  }

  @Override
  public Future<Role> delete(String name) {
    return storage.write(
        () -> {
          var role = known(name);
          roles.remove(name);
          users.revokeFromAll(name);
          return role;
        });
  }
}
