package dev.doppel.store.postgres;

import dev.doppel.store.postgres.PgRows.Versioned;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Role;
import dev.doppel.users.RoleStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Roles, in {@code roles}. */
final class PgRoleStore implements RoleStore {

  private static final String INSERT =
      "INSERT INTO roles (name, description, built_in, extras, version)"
          + " VALUES ($1, $2, $3, $4::text::json, 1)";
  private static final String SELECT = "SELECT " + PgRows.ROLE_COLUMNS + " FROM roles";
  private static final String FIND = SELECT + " WHERE name = $1";
  private static final String LIST = SELECT + " ORDER BY name";
  private static final String UPDATE =
      """
      UPDATE roles
      SET description = $3, built_in = $4, extras = $5::text::json, version = version + 1
      WHERE name = $1 AND version = $2
      """;
  private static final String DELETE =
      """
      WITH gone AS (
        DELETE FROM roles WHERE name = $1 RETURNING *
      ), unheld AS (
        DELETE FROM user_roles r USING gone WHERE r.role = gone.name RETURNING r.user_id
      ), changed AS (
        UPDATE users u SET version = u.version + 1 FROM unheld WHERE u.id = unheld.user_id
      )
      SELECT %s FROM gone
      """
          .formatted(PgRows.ROLE_COLUMNS);

  private final PgAccess access;

  PgRoleStore(PgAccess access) {
    this.access = access;
  }

  @Override
  public Future<Role> insert(Role role) {
    var values =
        Tuple.of(
            PgText.encode(role.name()),
            PgText.encode(role.description()),
            role.builtIn(),
            PgExtras.encode(role.extras()));
    return access
        .change(INSERT, values)
        .map(role)
        .recover(
            thrown ->
                Future.failedFuture(
                    PgFailures.constraint(thrown).equals("roles_name")
                        ? Failure.of(Reason.ROLE_EXISTS, role.name())
                        : thrown));
  }

  @Override
  public Future<Role> find(String name) {
    return findVersioned(name).map(Versioned::value);
  }

  private static Future<Row> requireRow(RowSet<Row> rows, String name) {
    return PgRows.requireRow(rows, () -> Failure.of(Reason.NO_SUCH_ROLE, name));
  }

  private Future<Versioned<Role>> findVersioned(String name) {
    return access
        .lookup(FIND, Tuple.of(PgText.encode(name)))
        .compose(rows -> requireRow(rows, name))
        .map(PgRows::role);
  }

  @Override
  public Future<List<Role>> list() {
    return access
        .search(new PgStatement(LIST, Tuple.tuple()))
        .map(
            rows -> {
              var roles = new ArrayList<Role>(rows.size());
              rows.forEach(row -> roles.add(PgRows.role(row).value()));
              return roles;
            });
  }

  @Override
  public Future<Role> update(String name, UnaryOperator<Role> change) {
    return access.retryUntilUpdated(
        () ->
            findVersioned(name)
                .compose(before -> replace(before.version(), change.apply(before.value()))));
  }

  /** Returns empty if the role was changed since it had the version. */
  private Future<Optional<Role>> replace(long version, Role after) {
    var values =
        Tuple.of(
            PgText.encode(after.name()),
            version,
            PgText.encode(after.description()),
            after.builtIn(),
            PgExtras.encode(after.extras()));
    return access
        .change(UPDATE, values)
        .map(rows -> rows.rowCount() == 0 ? Optional.empty() : Optional.of(after));
  }

  @Override
  public Future<Role> delete(String name) {
    return access
        .transaction(on -> on.preparedQuery(DELETE).execute(Tuple.of(PgText.encode(name))))
        .compose(rows -> requireRow(rows, name))
        .map(row -> PgRows.role(row).value());
  }
}
