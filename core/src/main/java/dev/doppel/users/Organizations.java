package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization.Kind;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The organizations of one realm. Two of them are special, whatever their names are: the system
 * organization, to which administrators belong, and the default organization, which is the home of
 * users created in no other one. Thread-safe.
 */
public final class Organizations {

  /** The initial name of the system organization. */
  public static final String SYSTEM = "System";

  private final OrganizationStore store;
  private final Ids ids;
  private final Clock clock;
  private final String defaultName;

  /** The id of the default organization when it was last looked up. Ids are never reused. */
  private volatile Optional<OrganizationId> defaultId = Optional.empty();

  /**
   * Creates an instance for a store.
   *
   * @param defaultName the initial name of the default organization
   */
  public Organizations(OrganizationStore store, Ids ids, Clock clock, String defaultName) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
    this.defaultName = defaultName;
  }

  /** Returns the same organizations in a store that is part of a change. */
  Organizations withStore(OrganizationStore store) {
    var copy = new Organizations(store, ids, clock, defaultName);
    copy.defaultId = defaultId;
    return copy;
  }

  /** Takes over the cached id from an instance whose change has been committed. */
  void updateCache(Organizations committed) {
    defaultId = committed.defaultId;
  }

  /**
   * Creates an organization. Fails with ORGANIZATION_EXISTS if the name is taken, looks like the
   * name of the system or default organization, or has another's {@linkplain Organization#slug
   * slug}. Slugs are unique among concurrent calls only within {@link Realm#change}. Fails with
   * INVALID_VALUE for a name longer than 32,768 bytes.
   */
  public Future<Organization> create(String name, String description) {
    return create(new OrganizationId(ids.next()), name, description);
  }

  /** Creates an organization with a given id; otherwise as {@link #create(String, String)}. */
  public Future<Organization> create(OrganizationId id, String name, String description) {
    return isReserved(name, Kind.ORDINARY)
        ? Future.failedFuture(Failure.of(Reason.ORGANIZATION_EXISTS, name))
        : store
            .list()
            .compose(
                all ->
                    isSlugTaken(name, id, all)
                        ? Future.failedFuture(Failure.of(Reason.ORGANIZATION_EXISTS, name))
                        : insert(id, name, description, Kind.ORDINARY));
  }

  /**
   * Returns whether an organization can have a name: whether {@link #create} and {@link #update}
   * would not fail with ORGANIZATION_EXISTS. The answer stays true only within {@link
   * Realm#change}.
   *
   * @param id of the organization, which need not exist yet
   */
  public Future<Boolean> isNameFree(String name, OrganizationId id) {
    return store
        .list()
        .map(
            all -> {
              var kind =
                  all.stream()
                      .filter(one -> one.id().equals(id))
                      .map(Organization::kind)
                      .findFirst()
                      .orElse(Kind.ORDINARY);
              return !isReserved(name, kind)
                  && !isSlugTaken(name, id, all)
                  && all.stream().noneMatch(one -> one.name().equals(name) && !one.id().equals(id));
            });
  }

  /** Returns whether another organization has the slug of the name. */
  private static boolean isSlugTaken(String name, OrganizationId id, List<Organization> all) {
    var slug = Organization.slugOf(name);
    return slug.isPresent()
        && Organization.isAscii(name)
        && all.stream()
            .filter(other -> !other.id().equals(id) && other.isNamedInAscii())
            .anyMatch(other -> other.slug().equals(slug));
  }

  /** Returns whether the name belongs to a special organization of another kind. */
  private boolean isReserved(String name, Kind kind) {
    return (kind != Kind.SYSTEM && looksLike(SYSTEM, name))
        || (kind != Kind.DEFAULT && looksLike(defaultName, name));
  }

  private static boolean looksLike(String reserved, String name) {
    var slug = Organization.slugOf(reserved);
    return ReservedNames.folded(name).equals(ReservedNames.folded(reserved))
        || (slug.isPresent() && slug.equals(Organization.slugOf(name)));
  }

  private Future<Organization> insert(
      OrganizationId id, String name, String description, Kind kind) {
    var now = now();
    return Failure.check(() -> KeyLength.check("name", name))
        .compose(
            allowed ->
                store.insert(new Organization(id, name, description, kind, now, now, Map.of())));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Returns the organization with this name, after creating it if it is missing. */
  public Future<Organization> findOrCreate(String name) {
    return find(name).recover(Failure.on(Reason.NO_SUCH_ORGANIZATION, () -> createOrFind(name)));
  }

  /** Another caller may create it at the same moment. */
  private Future<Organization> createOrFind(String name) {
    return create(name, "")
        .recover(taken -> store.find(name).recover(none -> Future.failedFuture(taken)));
  }

  /**
   * Creates the system organization, and sets the kind of the default organization in a store from
   * before organizations had kinds. Idempotent.
   */
  Future<Void> createDefaults() {
    return system()
        .compose(
            created ->
                Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, store.find(Kind.DEFAULT))
                    .compose(
                        existing ->
                            existing.isPresent()
                                ? Future.succeededFuture(existing)
                                : Failure.emptyIf(
                                    Reason.NO_SUCH_ORGANIZATION, store.find(defaultName))))
        .compose(
            existing ->
                existing.isPresent() ? defaultOrganization().mapEmpty() : Future.succeededFuture());
  }

  /** Returns the system organization, after creating it if it is missing. */
  public Future<Organization> system() {
    return findOrCreate(Kind.SYSTEM, SYSTEM);
  }

  /** Returns the default organization, after creating it if it is missing or has been deleted. */
  public Future<Organization> defaultOrganization() {
    return findOrCreate(Kind.DEFAULT, defaultName).map(this::cacheId);
  }

  private Organization cacheId(Organization found) {
    if (found.kind() == Kind.DEFAULT) {
      defaultId = Optional.of(found.id());
    }
    return found;
  }

  private Future<Organization> findOrCreate(Kind kind, String name) {
    return store
        .find(kind)
        .recover(Failure.on(Reason.NO_SUCH_ORGANIZATION, () -> createOrMark(kind, name)));
  }

  /** In a store from before organizations had kinds, the name identifies the organization. */
  private Future<Organization> createOrMark(Kind kind, String name) {
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, store.find(name))
        .compose(
            existing ->
                existing.isPresent()
                    ? store.update(existing.get().id(), one -> one.withKind(kind))
                    : insert(new OrganizationId(ids.next()), name, "", kind))
        .recover(other -> store.find(kind).recover(none -> Future.failedFuture(other)));
  }

  /** Returns the organization with this id. Fails with NO_SUCH_ORGANIZATION. */
  public Future<Organization> find(OrganizationId id) {
    return store.find(id).map(this::cacheId);
  }

  /**
   * Returns the organization with this name, after creating it if it is the default one. Fails with
   * NO_SUCH_ORGANIZATION.
   */
  public Future<Organization> find(String name) {
    return name.equals(defaultName)
        ? defaultOrganization()
            .compose(
                one -> one.name().equals(name) ? Future.succeededFuture(one) : store.find(name))
        : store.find(name).map(this::cacheId);
  }

  /**
   * Returns the imported organization with this alias. Fails with NO_SUCH_ORGANIZATION. Reads all
   * organizations, which are few.
   */
  public Future<Organization> find(Alias alias) {
    return store
        .list()
        .map(
            all ->
                all.stream()
                    .filter(one -> one.alias(alias.dialect()).equals(Optional.of(alias.id())))
                    .findFirst()
                    .orElseThrow(() -> Failure.of(Reason.NO_SUCH_ORGANIZATION, alias.id())));
  }

  /**
   * Returns the organization with this id or, if there is none, the imported one with this alias.
   * Fails with NO_SUCH_ORGANIZATION.
   *
   * @param id empty if a client's text isn't one of our own ids
   */
  public Future<Organization> find(Optional<OrganizationId> id, Alias alias) {
    return id.map(
            own -> find(own).recover(Failure.on(Reason.NO_SUCH_ORGANIZATION, () -> find(alias))))
        .orElseGet(() -> find(alias));
  }

  /**
   * Creates an imported organization; otherwise as {@link #create(String, String)}. Fails with
   * ORGANIZATION_EXISTS also if another organization has one of the aliases.
   *
   * @param id empty for a new one
   * @param aliases ids in other products, by dialect
   */
  public Future<Organization> create(
      Optional<OrganizationId> id, String name, Map<String, String> aliases) {
    return store
        .list()
        .compose(
            all ->
                all.stream().anyMatch(one -> sharesAlias(one, aliases))
                    ? Future.failedFuture(Failure.of(Reason.ORGANIZATION_EXISTS, name))
                    : create(id.orElseGet(() -> new OrganizationId(ids.next())), name, ""))
        .compose(
            created ->
                aliases.isEmpty()
                    ? Future.succeededFuture(created)
                    : store.update(created.id(), one -> one.withAliases(aliases)));
  }

  private static boolean sharesAlias(Organization organization, Map<String, String> aliases) {
    return aliases.entrySet().stream()
        .anyMatch(one -> organization.alias(one.getKey()).equals(Optional.of(one.getValue())));
  }

  /** Returns all organizations, in ascending order of name. */
  public Future<List<Organization>> list() {
    return store.list();
  }

  /**
   * Changes an organization and sets its time of change. Fails as {@link OrganizationStore#update};
   * with ORGANIZATION_EXISTS and INVALID_VALUE for a new name as {@link #create(String, String)};
   * with FORBIDDEN if the caller is no administrator and renames the system or default
   * organization.
   */
  public Future<Organization> update(
      Authority by, OrganizationId id, UnaryOperator<Organization> change) {
    return store
        .list()
        .compose(
            all ->
                store.update(id, one -> checked(by, one, change.apply(one), all).updatedAt(now())));
  }

  private Organization checked(
      Authority by, Organization before, Organization after, List<Organization> all) {
    if (!after.name().equals(before.name())) {
      by.checkChange(before);
      KeyLength.check("name", after.name());
      if (isReserved(after.name(), before.kind()) || isSlugTaken(after.name(), after.id(), all)) {
        throw Failure.of(Reason.ORGANIZATION_EXISTS, after.name());
      }
    }
    return after;
  }

  /**
   * Changes the extras of an organization, but not its time of change. Fails with
   * NO_SUCH_ORGANIZATION.
   *
   * @param change from the previous JSON text, if any, to the new one
   */
  public Future<Organization> updateExtras(
      OrganizationId id, String dialect, Function<Optional<String>, String> change) {
    return store.update(id, one -> one.withExtras(dialect, change.apply(one.extras(dialect))));
  }

  /**
   * Deletes an organization, with the effects of {@link OrganizationStore#delete}, and returns it.
   * Fails as that does, and with FORBIDDEN if the caller is no administrator and deletes the system
   * or default organization.
   */
  public Future<Organization> delete(Authority by, OrganizationId id) {
    return store
        .find(id)
        .compose(
            found -> {
              by.checkChange(found);
              return store.delete(id);
            });
  }

  /** Returns all rights of the user over users. */
  public Authority authorityOf(User user) {
    return Authority.of(user, defaultId);
  }

  /** Returns whether the user belongs to the organization. */
  public boolean has(Organization organization, User user) {
    return user.memberships().containsKey(organization.id())
        || switch (organization.kind()) {
          case ORDINARY -> false;
          case DEFAULT -> user.home().isEmpty();
          case SYSTEM -> user.administrator();
        };
  }

  /** Returns a filter for the users who {@linkplain #has belong} to the organization. */
  public UserFilter membersOf(Organization organization) {
    return switch (organization.kind()) {
      case ORDINARY -> new UserFilter.In(organization.id(), false);
      case DEFAULT -> new UserFilter.In(organization.id(), true);
      case SYSTEM ->
          new UserFilter.Any(
              List.of(
                  new UserFilter.Administrators(), new UserFilter.In(organization.id(), false)));
    };
  }

  /**
   * Returns a filter for the users of an organization whom one of its members may see: all of them
   * for administrators, owners, and members of an ordinary organization; otherwise the member
   * alone.
   */
  public UserFilter visibleTo(User member, Organization organization) {
    var seesAll =
        authorityOf(member).administers(organization.id())
            || (organization.kind() == Kind.ORDINARY && has(organization, member));
    return seesAll
        ? membersOf(organization)
        : new UserFilter.All(
            List.of(
                membersOf(organization),
                new UserFilter.Is(UserField.Common.ID, member.id().toString())));
  }

  /** Returns the organizations of the user, in ascending order of name; never empty. */
  public Future<List<Organization>> of(User user) {
    if (user.memberships().isEmpty() && !user.administrator()) {
      return defaultOrganization().map(List::of);
    }
    return listOf(user)
        .compose(
            all ->
                user.home().isEmpty() && all.stream().noneMatch(one -> one.kind() == Kind.DEFAULT)
                    ? defaultOrganization().compose(created -> listOf(user))
                    : Future.succeededFuture(all));
  }

  private Future<List<Organization>> listOf(User user) {
    return store.list().map(all -> all.stream().filter(one -> has(one, user)).toList());
  }
}
