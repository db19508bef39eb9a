package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

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
    return create(new OrganizationId(ids.next()), name, description);
  }

  /** As above, with an id of the vendor's own kind. */
  public Future<Organization> create(OrganizationId id, String name, String description) {
    var now = now();
    return store.insert(new Organization(id, name, description, now, now, Map.of()));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** The one with this name, made if it is missing. */
  public Future<Organization> ensure(String name) {
    return store
        .find(name)
        .recover(
            thrown ->
                Failure.from(thrown).reason() == Reason.NO_SUCH_ORGANIZATION
                    ? create(name, "").recover(taken -> store.find(name))
                    : Future.failedFuture(thrown));
  }

  /** Fails with NO_SUCH_ORGANIZATION. */
  public Future<Organization> find(OrganizationId id) {
    return store.find(id);
  }

  /** Fails with NO_SUCH_ORGANIZATION; the default one is made when it is first asked for. */
  public Future<Organization> find(String name) {
    return name.equals(defaultName) ? defaultOne() : store.find(name);
  }

  public Future<List<Organization>> list() {
    return store.list();
  }

  /**
   * Where every user belongs who was put into no organisation; made when it is first asked for, and
   * again if it has been removed.
   */
  public Future<Organization> defaultOne() {
    return ensure(defaultName);
  }

  /** Notes when it was changed. Fails as {@link OrganizationStore#update} does. */
  public Future<Organization> update(OrganizationId id, UnaryOperator<Organization> change) {
    return store.update(id, one -> change.apply(one).updatedAt(now()));
  }

  /**
   * As {@link #update}, for what only one vendor knows and shows with a time of its own.
   *
   * @param change from JSON text, empty if there was none, to JSON text
   */
  public Future<Organization> updateExtras(
      OrganizationId id, String dialect, Function<Optional<String>, String> change) {
    return store.update(id, one -> one.withExtras(dialect, change.apply(one.extras(dialect))));
  }

  /** Removes an organisation and everybody's membership in it. Fails with NO_SUCH_ORGANIZATION. */
  public Future<Organization> delete(OrganizationId id) {
    return store.delete(id);
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
