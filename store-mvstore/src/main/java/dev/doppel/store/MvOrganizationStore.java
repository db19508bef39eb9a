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
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Organizations and their indexes, which {@link Tables} lists. */
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

  private static Organization requireFound(@Nullable Organization organization, String subject) {
    if (organization == null) {
      throw Failure.of(Reason.NO_SUCH_ORGANIZATION, subject);
    }
    return organization;
  }

  private Organization requireFound(State state, OrganizationId id) {
    return requireFound(state.get(tables.organizations, key(id.value())), id.toString());
  }

  @Override
  public Future<Organization> find(OrganizationId id) {
    return access.read(state -> requireFound(state, id));
  }

  @Override
  public Future<Organization> find(String name) {
    return access.read(
        state -> requireFound(findById(state, state.get(tables.organizationNames, name)), name));
  }

  @Override
  public Future<Organization> find(Kind kind) {
    return access.read(
        state ->
            requireFound(
                findById(state, state.get(tables.organizationKinds, kind.name())), kind.name()));
  }

  /** Rebuilds the indexes. Part of a larger change. */
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

  /**
   * Upgrades a store of the time when administrators owned the System organization. Part of opening
   * it.
   */
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

  private @Nullable Organization findById(State state, @Nullable Long id) {
    return id == null ? null : state.get(tables.organizations, key(id));
  }

  @Override
  public Future<List<Organization>> list() {
    return access.read(
        state -> {
          var all = state.values(tables.organizations);
          all.sort(Comparator.comparing(Organization::name, TextOrder.BY_CODE_POINT));
          return all;
        });
  }

  @Override
  public Future<Organization> update(OrganizationId id, UnaryOperator<Organization> update) {
    return access.write(
        change -> {
          var before = requireFound(change, id);
          var after = update.apply(before);
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
          var organization = requireFound(change, id);
          users.removeMembers(change, id);
          change.remove(tables.organizations, key(id.value()));
          change.remove(tables.organizationNames, organization.name());
          change.remove(tables.organizationKinds, organization.kind().name());
          return organization;
        });
  }
}
