package dev.doppel.store;

import static dev.doppel.store.Tables.key;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Organization.Kind;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.OrganizationStore;
import dev.doppel.users.Organizations;
import dev.doppel.users.TextOrder;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Organizations and their indexes; {@link Tables} tells what they are. */
final class MvOrganizationStore implements OrganizationStore {

  private final Tables tables;
  private final Access access;
  private final MvUserStore users;

  MvOrganizationStore(Tables tables, Access access, MvUserStore users) {
    this.tables = tables;
    this.access = access;
    this.users = users;
  }

  @Override
  public Future<Organization> insert(Organization organization) {
    return access.write(
        change -> {
          if (change.has(tables.organizationNames, organization.name())
              || change.has(tables.organizations, key(organization.id().value()))
              || (organization.kind() != Kind.ORDINARY
                  && change.has(tables.organizationKinds, organization.kind().name()))) {
            throw Failure.of(Reason.ORGANIZATION_EXISTS, organization.name());
          }
          put(change, organization);
          return organization;
        });
  }

  private void put(Change change, Organization organization) {
    var id = organization.id().value();
    change.put(tables.organizations, key(id), organization);
    change.put(tables.organizationNames, organization.name(), id);
    if (organization.kind() != Kind.ORDINARY) {
      change.put(tables.organizationKinds, organization.kind().name(), id);
    }
  }

  private static Organization known(@Nullable Organization organization, String asked) {
    if (organization == null) {
      throw Failure.of(Reason.NO_SUCH_ORGANIZATION, asked);
    }
    return organization;
  }

  private Organization known(State state, OrganizationId id) {
    return known(state.get(tables.organizations, key(id.value())), id.toString());
  }

  @Override
  public Future<Organization> find(OrganizationId id) {
    return access.read(state -> known(state, id));
  }

  @Override
  public Future<Organization> find(String name) {
    return access.read(
        state -> known(behind(state, state.get(tables.organizationNames, name)), name));
  }

  @Override
  public Future<Organization> find(Kind kind) {
    return access.read(
        state ->
            known(behind(state, state.get(tables.organizationKinds, kind.name())), kind.name()));
  }

  /** Makes the indexes anew. Part of another change. */
  void reindex() {
    access.write(
        change -> {
          change.clear(tables.organizationNames);
          change.clear(tables.organizationKinds);
          for (var all = change.all(tables.organizations); all.hasNext(); ) {
            all.next();
            put(change, all.getValue());
          }
          return null;
        });
  }

  /** For a store that was made when administrators owned it. Part of opening it. */
  void removeOwnersOfSystem() {
    access.write(
        change -> {
          var system = change.get(tables.organizationNames, Organizations.SYSTEM);
          if (system != null) {
            users.removeOwners(change, new OrganizationId(system));
          }
          return null;
        });
  }

  private @Nullable Organization behind(State state, @Nullable Long id) {
    return id == null ? null : state.get(tables.organizations, key(id));
  }

  @Override
  public Future<List<Organization>> list() {
    return access.read(
        state -> {
          var all = new ArrayList<Organization>();
          for (var cursor = state.all(tables.organizations); cursor.hasNext(); ) {
            cursor.next();
            all.add(cursor.getValue());
          }
          all.sort(Comparator.comparing(Organization::name, TextOrder.BY_CODE_POINT));
          return all;
        });
  }

  @Override
  public Future<Organization> update(OrganizationId id, UnaryOperator<Organization> step) {
    return access.write(
        change -> {
          var before = known(change, id);
          var after = step.apply(before);
          if (!after.name().equals(before.name())) {
            if (change.has(tables.organizationNames, after.name())) {
              throw Failure.of(Reason.ORGANIZATION_EXISTS, after.name());
            }
            change.remove(tables.organizationNames, before.name());
            put(change, after);
            users.checkShownNames(change, after);
          } else {
            put(change, after);
          }
          return after;
        });
  }

  @Override
  public Future<Organization> delete(OrganizationId id) {
    return access.write(
        change -> {
          var organization = known(change, id);
          users.leaveAll(change, id);
          change.remove(tables.organizations, key(id.value()));
          change.remove(tables.organizationNames, organization.name());
          change.remove(tables.organizationKinds, organization.kind().name());
          return organization;
        });
  }
}
