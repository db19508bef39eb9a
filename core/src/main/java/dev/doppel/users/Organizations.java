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
 * The organizations of one realm. Two of them are marked: the one that administrators belong to,
 * and the default one, which is the home of everybody who was made in no other. Thread-safe.
 */
public final class Organizations {

  /** The name that the organization of administrators is made with. */
  public static final String SYSTEM = "System";

  private final OrganizationStore store;
  private final Ids ids;
  private final Clock clock;
  private final String defaultName;

  /** Of the default organization, when it was last looked up. Ids are never used again. */
  private volatile Optional<OrganizationId> defaultId = Optional.empty();

  /**
   * @param defaultName the name that the default organization is made with
   */
  public Organizations(OrganizationStore store, Ids ids, Clock clock, String defaultName) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
    this.defaultName = defaultName;
  }

  /** The same organizations, in a change that is under way. */
  Organizations within(OrganizationStore store) {
    var within = new Organizations(store, ids, clock, defaultName);
    within.defaultId = defaultId;
    return within;
  }

  /** Takes over what has been found out in a change that has been kept. */
  void learn(Organizations within) {
    defaultId = within.defaultId;
  }

  /**
   * Fails with ORGANIZATION_EXISTS, also for a name that looks like that of a marked one or has
   * another's {@linkplain Organization#slug slug}. Of calls at the same moment that only holds as
   * part of {@link Realm#change}. Fails with INVALID_VALUE for a name longer than 32,768 bytes.
   */
  public Future<Organization> create(String name, String description) {
    return create(new OrganizationId(ids.next()), name, description);
  }

  /** As above, with an id of the vendor's own kind. */
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

  /** Whether another organization than the one with this id has the slug that the name makes. */
  private static boolean isSlugTaken(String name, OrganizationId id, List<Organization> all) {
    var slug = Organization.slugOf(name);
    return slug.isPresent()
        && Organization.isAscii(name)
        && all.stream()
            .filter(other -> !other.id().equals(id) && other.isNamedInAscii())
            .anyMatch(other -> other.slug().equals(slug));
  }

  /** Whether an organization of a kind can't have the name, since it is that of another kind. */
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
    try {
      KeyLength.check("name", name);
    } catch (Failure tooLong) {
      return Future.failedFuture(tooLong);
    }
    var now = now();
    return store.insert(new Organization(id, name, description, kind, now, now, Map.of()));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** The one with this name, created if it is missing. */
  public Future<Organization> ensure(String name) {
    return find(name).recover(Failure.on(Reason.NO_SUCH_ORGANIZATION, () -> createOrFind(name)));
  }

  /** Another caller may create it at the same moment. */
  private Future<Organization> createOrFind(String name) {
    return create(name, "")
        .recover(taken -> store.find(name).recover(none -> Future.failedFuture(taken)));
  }

  /**
   * Creates the organization that administrators belong to, and marks the default one in a store
   * that is older than marks. Repeatable.
   */
  Future<Void> createDefaults() {
    return system()
        .compose(
            made ->
                Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, store.find(Kind.DEFAULT))
                    .compose(
                        known ->
                            known.isPresent()
                                ? Future.succeededFuture(known)
                                : Failure.emptyIf(
                                    Reason.NO_SUCH_ORGANIZATION, store.find(defaultName))))
        .compose(known -> known.isPresent() ? defaultOne().mapEmpty() : Future.succeededFuture());
  }

  /** The organization that administrators belong to, created if it is missing. */
  public Future<Organization> system() {
    return ensure(Kind.SYSTEM, SYSTEM);
  }

  /**
   * The home of every user that was made in no other organization; created if it is missing, and
   * again if it has been deleted.
   */
  public Future<Organization> defaultOne() {
    return ensure(Kind.DEFAULT, defaultName).map(this::noted);
  }

  private Organization noted(Organization found) {
    if (found.kind() == Kind.DEFAULT) {
      defaultId = Optional.of(found.id());
    }
    return found;
  }

  private Future<Organization> ensure(Kind kind, String name) {
    return store
        .find(kind)
        .recover(Failure.on(Reason.NO_SUCH_ORGANIZATION, () -> mark(kind, name)));
  }

  /** In a store that is older than kinds, the organization is the one with the name. */
  private Future<Organization> mark(Kind kind, String name) {
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, store.find(name))
        .compose(
            known ->
                known.isPresent()
                    ? store.update(known.get().id(), one -> one.withKind(kind))
                    : insert(new OrganizationId(ids.next()), name, "", kind))
        .recover(other -> store.find(kind).recover(none -> Future.failedFuture(other)));
  }

  /** Fails with NO_SUCH_ORGANIZATION. */
  public Future<Organization> find(OrganizationId id) {
    return store.find(id).map(this::noted);
  }

  /** Fails with NO_SUCH_ORGANIZATION; the default one is created when it is first asked for. */
  public Future<Organization> find(String name) {
    return name.equals(defaultName)
        ? defaultOne()
            .compose(
                one -> one.name().equals(name) ? Future.succeededFuture(one) : store.find(name))
        : store.find(name).map(this::noted);
  }

  /**
   * The one that had this id in the product it comes from. Fails with NO_SUCH_ORGANIZATION.
   * Organizations are few, so all of them are looked at.
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
   * As {@link #create(OrganizationId, String, String)}, with ids from other products. Fails with
   * ORGANIZATION_EXISTS as well if another organization has one of them.
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
            made ->
                aliases.isEmpty()
                    ? Future.succeededFuture(made)
                    : store.update(made.id(), one -> one.withAliases(aliases)));
  }

  private static boolean sharesAlias(Organization organization, Map<String, String> aliases) {
    return aliases.entrySet().stream()
        .anyMatch(one -> organization.alias(one.getKey()).equals(Optional.of(one.getValue())));
  }

  /** All organizations, in ascending order of name. */
  public Future<List<Organization>> list() {
    return store.list();
  }

  /**
   * Notes when it was changed. Fails as {@link OrganizationStore#update} does; with
   * ORGANIZATION_EXISTS for a name that looks like that of another kind of organization or has
   * another's slug, as for {@link #create(String, String)}; with FORBIDDEN if somebody else than an
   * administrator renames a marked one.
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
   * As {@link #update}, for what only one vendor knows and shows with a time of its own.
   *
   * @param change from JSON text, empty if there was none, to JSON text
   */
  public Future<Organization> updateExtras(
      OrganizationId id, String dialect, Function<Optional<String>, String> change) {
    return store.update(id, one -> one.withExtras(dialect, change.apply(one.extras(dialect))));
  }

  /**
   * Deletes an organization and everybody's membership in it. Users whose home it was have the
   * default organization as their home then. Fails as {@link OrganizationStore#delete} does, and
   * with FORBIDDEN if somebody else than an administrator deletes a marked one.
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

  /** All that the user may do to users. */
  public Authority authorityOf(User user) {
    return Authority.of(user, defaultId);
  }

  /** Whether the user belongs to the organization. */
  public boolean has(Organization organization, User user) {
    return user.memberships().containsKey(organization.id())
        || switch (organization.kind()) {
          case ORDINARY -> false;
          case DEFAULT -> user.home().isEmpty();
          case SYSTEM -> user.administrator();
        };
  }

  /** What {@link #has} says, as a filter. */
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
   * Those of an organization whom a member of it may see: all of them for administrators, for its
   * owners, and for members of an ordinary organization; oneself in the others.
   */
  public UserFilter seenBy(User member, Organization organization) {
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

  /** Those the user belongs to, in ascending order of name; never empty. */
  public Future<List<Organization>> of(User user) {
    if (user.memberships().isEmpty() && !user.administrator()) {
      return defaultOne().map(List::of);
    }
    return listOf(user)
        .compose(
            all ->
                user.home().isEmpty() && all.stream().noneMatch(one -> one.kind() == Kind.DEFAULT)
                    ? defaultOne().compose(made -> listOf(user))
                    : Future.succeededFuture(all));
  }

  private Future<List<Organization>> listOf(User user) {
    return store.list().map(all -> all.stream().filter(one -> has(one, user)).toList());
  }
}
