package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** The organisations of one realm, one of which is the default. */
public final class Organizations {

  private final OrganizationStore store;
  private final Ids ids;
  private final Clock clock;
  private final String defaultName;

  public Organizations(OrganizationStore store, Ids ids, Clock clock, String defaultName) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
    this.defaultName = defaultName;
  }

  /** Fails with ORGANIZATION_EXISTS. */
  public Future<Organization> create(String name, String description) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    return store.insert(
        new Organization(new OrganizationId(ids.next()), name, description, now, now, Map.of()));
  }

  /** The one with this name, made if it is missing. */
  public Future<Organization> ensure(String name, String description) {
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, store.find(name))
        .compose(
            known -> known.map(Future::succeededFuture).orElseGet(() -> create(name, description)));
  }

  public Future<Organization> find(OrganizationId id) {
    return store.find(id);
  }

  public Future<Organization> find(String name) {
    return store.find(name);
  }

  public Future<List<Organization>> list() {
    return store.list();
  }

  /** Where every user belongs who was put into no organisation. */
  public Future<Organization> defaultOne() {
    return store.find(defaultName);
  }

  public boolean isDefault(Organization organization) {
    return organization.name().equals(defaultName);
  }

  /** Whether the user belongs to the organisation, be it for want of another. */
  public boolean has(Organization organization, User user) {
    return user.memberships().containsKey(organization.id())
        || (user.memberships().isEmpty() && isDefault(organization));
  }

  /** What {@link #has} says, as a filter. */
  public UserFilter membersOf(Organization organization) {
    return new UserFilter.In(organization.id(), isDefault(organization));
  }

  /** Those the user belongs to, in ascending order of name; never empty. */
  public Future<List<Organization>> of(User user) {
    if (user.memberships().isEmpty()) {
      return defaultOne().map(List::of);
    }
    return store
        .list()
        .map(all -> all.stream().filter(organization -> has(organization, user)).toList());
  }
}
