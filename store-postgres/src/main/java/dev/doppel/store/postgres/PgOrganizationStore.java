package dev.doppel.store.postgres;

import dev.doppel.store.postgres.PgRows.Versioned;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.OrganizationStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Organizations, in {@code organizations}. */
final class PgOrganizationStore implements OrganizationStore {

  private static final String INSERT =
      "INSERT INTO organizations (id, name, description, created, updated, extras, kind, aliases, version)"
          + " VALUES ($1, $2, $3, $4, $5, $6::text::json, $7, $8::text::json, 1)";
  private static final String SELECT =
      "SELECT " + PgRows.ORGANIZATION_COLUMNS + " FROM organizations";
  private static final String FIND_ID = SELECT + " WHERE id = $1";
  private static final String FIND_NAME = SELECT + " WHERE name = $1";
  private static final String FIND_KIND = SELECT + " WHERE kind = $1 AND kind <> 'ORDINARY'";
  private static final String LIST = SELECT + " ORDER BY name";
  private static final String UPDATE =
      """
      UPDATE organizations
      SET name = $3, description = $4, created = $5, updated = $6, extras = $7::text::json,
          kind = $8, aliases = $9::text::json, version = version + 1
      WHERE id = $1 AND version = $2
      """;

  /** Users whose home is deleted are at home in the default organization afterwards. */
  private static final String DELETE =
      """
      WITH gone AS (
        DELETE FROM organizations WHERE id = $1 RETURNING *
      ), departed AS (
        DELETE FROM memberships m USING gone WHERE m.organization = gone.id
        RETURNING m.user_id, m.name
      ), changed AS (
        UPDATE users u SET version = u.version + 1, home = CASE WHEN u.home = $1 THEN 0 ELSE u.home END
        FROM departed WHERE u.id = departed.user_id
      ), homeless AS (
        INSERT INTO memberships (user_id, organization, owner, name)
        SELECT d.user_id, 0, false, d.name FROM departed d JOIN users u ON u.id = d.user_id
        WHERE u.home = $1
        RETURNING 1
      ), uncounted AS (
        DELETE FROM member_counts c USING gone WHERE c.organization = gone.id
      ), counted AS (
        INSERT INTO member_counts AS c (organization, slot, count)
        SELECT 0, 0, count(*) FROM homeless
        ON CONFLICT (organization, slot) DO UPDATE SET count = c.count + excluded.count
      )
      SELECT %s FROM gone
      """
          .formatted(PgRows.ORGANIZATION_COLUMNS);

  /** The constraint that no two members of an organization are shown by one name. */
  private static final String SHOWN_NAME = "memberships_shown_name";

  private final PgAccess access;

  PgOrganizationStore(PgAccess access) {
    this.access = access;
  }

  @Override
  public Future<Organization> insert(Organization organization) {
    var values = Tuple.of(organization.id().value());
    addValues(organization, values);
    return access
        .change(INSERT, values)
        .map(organization)
        .recover(thrown -> Future.failedFuture(translateConstraint(thrown, organization)));
  }

  private static void addValues(Organization organization, Tuple values) {
    values
        .addString(PgText.encode(organization.name()))
        .addString(PgText.encode(organization.description()))
        .addOffsetDateTime(PgRows.time(organization.created()))
        .addOffsetDateTime(PgRows.time(organization.updated()))
        .addString(PgExtras.encode(organization.extras()))
        .addString(organization.kind().name())
        .addString(PgText.encode(new JsonObject(Map.copyOf(organization.aliases())).encode()));
  }

  /** Returns the failure for a violated constraint; other errors are returned unchanged. */
  private static Throwable translateConstraint(Throwable thrown, Organization organization) {
    return switch (PgFailures.constraint(thrown)) {
      case "organizations_name", "organizations_kind", "organizations_id" ->
          Failure.of(Reason.ORGANIZATION_EXISTS, organization.name());
      case SHOWN_NAME -> Failure.of(Reason.USER_EXISTS, organization.name());
      default -> thrown;
    };
  }

  @Override
  public Future<Organization> find(OrganizationId id) {
    return findVersioned(id).map(Versioned::value);
  }

  private Future<Versioned<Organization>> findVersioned(OrganizationId id) {
    return findOne(FIND_ID, Tuple.of(id.value()), id.toString());
  }

  @Override
  public Future<Organization> find(String name) {
    return findOne(FIND_NAME, Tuple.of(PgText.encode(name)), name).map(Versioned::value);
  }

  @Override
  public Future<Organization> find(Organization.Kind kind) {
    return findOne(FIND_KIND, Tuple.of(kind.name()), kind.name()).map(Versioned::value);
  }

  private Future<Versioned<Organization>> findOne(String sql, Tuple values, String subject) {
    return access
        .lookup(sql, values)
        .compose(rows -> requireRow(rows, subject))
        .map(PgRows::organization);
  }

  private static Future<Row> requireRow(RowSet<Row> rows, String subject) {
    return PgRows.requireRow(rows, () -> Failure.of(Reason.NO_SUCH_ORGANIZATION, subject));
  }

  @Override
  public Future<List<Organization>> list() {
    return access
        .search(new PgStatement(LIST, Tuple.tuple()))
        .map(
            rows -> {
              var organizations = new ArrayList<Organization>(rows.size());
              rows.forEach(row -> organizations.add(PgRows.organization(row).value()));
              return organizations;
            });
  }

  @Override
  public Future<Organization> update(OrganizationId id, UnaryOperator<Organization> change) {
    return access.retryUntilUpdated(
        () ->
            findVersioned(id)
                .compose(before -> replace(before.version(), change.apply(before.value()))));
  }

  /** Returns empty if the organization was changed since it had the version. */
  private Future<Optional<Organization>> replace(long version, Organization after) {
    var values = Tuple.of(after.id().value(), version);
    addValues(after, values);
    return access
        .change(UPDATE, values)
        .map(rows -> rows.rowCount() == 0 ? Optional.<Organization>empty() : Optional.of(after))
        .recover(thrown -> Future.failedFuture(translateConstraint(thrown, after)));
  }

  @Override
  public Future<Organization> delete(OrganizationId id) {
    return access
        .transaction(on -> on.preparedQuery(DELETE).execute(Tuple.of(id.value())))
        .recover(
            thrown ->
                Future.failedFuture(
                    PgFailures.constraint(thrown).equals(SHOWN_NAME)
                        ? Failure.of(Reason.USER_EXISTS, id.toString())
                        : thrown))
        .compose(rows -> requireRow(rows, id.toString()))
        .map(row -> PgRows.organization(row).value());
  }
}
