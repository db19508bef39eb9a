package dev.doppel.store;

import static dev.doppel.store.MvStorage.key;

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
import org.h2.mvstore.MVMap;
import org.h2.mvstore.type.LongDataType;
import org.jspecify.annotations.Nullable;

/**
 *
 *
 * <pre>
 *   organizations      id → organization
 *   organizationNames  name → id
 *   organizationKinds  kind → id, of those that are not ordinary
 * </pre>
 */
final class MvOrganizationStore implements OrganizationStore {

  private final MvStorage storage;
  private final MVMap<Long, Organization> organizations;
  private final MVMap<String, Long> names;
  private final MVMap<String, Long> kinds;

  private final MvUserStore users;

  MvOrganizationStore(MvStorage storage, MvUserStore users) {
    this.storage = storage;
    this.users = users;
    organizations = storage.byId("organizations", StoredTypes.ORGANIZATION);
    names = storage.byName("organizationNames", LongDataType.INSTANCE);
    kinds = storage.byName("organizationKinds", LongDataType.INSTANCE);
  }

  @Override
  public Future<Organization> insert(Organization organization) {
    return storage.write(
        () -> {
          if (names.containsKey(organization.name())
              || organizations.containsKey(key(organization.id().value()))
              || (organization.kind() != Kind.ORDINARY
                  && behind(kinds.get(organization.kind().name())) != null)) {
            throw Failure.of(Reason.ORGANIZATION_EXISTS, organization.name());
          }
          put(organization);
          return organization;
        });
  }

  private void put(Organization organization) {
    organizations.put(key(organization.id().value()), organization);
    names.put(organization.name(), organization.id().value());
    if (organization.kind() != Kind.ORDINARY) {
      kinds.put(organization.kind().name(), organization.id().value());
    }
  }

  private static Organization known(@Nullable Organization organization, String asked) {
    if (organization == null) {
      throw Failure.of(Reason.NO_SUCH_ORGANIZATION, asked);
    }
    return organization;
  }

  @Override
  public Future<Organization> find(OrganizationId id) {
    return storage.read(() -> known(organizations.get(key(id.value())), id.toString()));
  }

  @Override
  public Future<Organization> find(String name) {
    return storage.read(() -> known(behind(names.get(name)), name));
  }

  @Override
  public Future<Organization> find(Kind kind) {
    return storage.read(() -> known(behind(kinds.get(kind.name())), kind.name()));
  }

  /** For a store that was made when administrators owned it. Part of opening it. */
  void freeSystem() {
    var system = names.get(Organizations.SYSTEM);
    if (system != null) {
      users.disown(new OrganizationId(system));
    }
  }

  private @Nullable Organization behind(@Nullable Long id) {
    return id == null ? null : organizations.get(key(id));
  }

  @Override
  public Future<List<Organization>> list() {
    return storage.read(
        () ->
            names.values().stream()
                .map(id -> known(behind(id), id.toString()))
                .sorted(Comparator.comparing(Organization::name, TextOrder.BY_CODE_POINT))
                .toList());
  }

  @Override
  public Future<Organization> update(OrganizationId id, UnaryOperator<Organization> change) {
    return storage.write(
        () -> {
          var before = known(organizations.get(key(id.value())), id.toString());
          var after = change.apply(before);
          if (!after.name().equals(before.name()) && names.containsKey(after.name())) {
            throw Failure.of(Reason.ORGANIZATION_EXISTS, after.name());
          }
          names.remove(before.name());
          put(after);
          return after;
        });
  }

  @Override
  public Future<Organization> delete(OrganizationId id) {
    return storage.write(
        () -> {
          var organization = known(organizations.get(key(id.value())), id.toString());
          organizations.remove(key(id.value()));
          names.remove(organization.name());
          kinds.remove(organization.kind().name());
          users.leaveAll(id);
          return organization;
        });
  }
}
