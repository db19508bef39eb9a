package dev.doppel.users;

import dev.doppel.passwords.HashFamilies;
import dev.doppel.passwords.UnsupportedHashException;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization.Kind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Checks the consistency of a storage: each user is found by id, name, aliases and e-mail address,
 * lists and counts are complete, the organizations and roles of users exist, no two users are shown
 * under the same name, and there is an active administrator. The storage must not be changed
 * meanwhile.
 */
public final class Integrity {

  private static final int PAGE_SIZE = 1_000;

  private static final int MAX_PROBLEMS = 1_000;

  /**
   * The result of a check. Immutable.
   *
   * @param users how many users were checked
   * @param problems one line each, without secrets; at most {@value #MAX_PROBLEMS}
   */
  public record Report(long users, long organizations, long roles, List<String> problems) {
    public Report {
      problems = List.copyOf(problems);
    }

    public boolean isConsistent() {
      return problems.isEmpty();
    }
  }

  private final Storage storage;
  private final List<String> problems = new ArrayList<>();
  private final Map<OrganizationId, Organization> organizations = new HashMap<>();
  private final Set<String> roles = new HashSet<>();
  private final Map<OrganizationId, Long> members = new HashMap<>();
  private long users;
  private long withDefaultHome;
  private long builtIn;
  private long administrators;

  private Integrity(Storage storage) {
    this.storage = storage;
  }

  /** Checks without changing anything. Fails as the storage does. */
  public static Future<Report> check(Storage storage) {
    return new Integrity(storage).check();
  }

  /**
   * Repairs what can be repaired: rebuilds indexes and counts, and removes organizations and roles
   * that don't exist from users. {@link #check} reports the remaining problems.
   */
  public static Future<Void> repair(Storage storage) {
    return storage.reindex().compose(done -> new Integrity(storage).removeMissingReferences());
  }

  private Future<Report> check() {
    return loadOrganizationsAndRoles()
        .compose(done -> eachUser(this::checkUser))
        .compose(done -> checkCounts())
        .map(
            done -> {
              checkAdministrators();
              return new Report(users, organizations.size(), roles.size(), problems);
            });
  }

  private void reportIf(boolean inconsistent, Supplier<String> problem) {
    if (inconsistent && problems.size() < MAX_PROBLEMS) {
      problems.add(problem.get());
    }
  }

  private Future<Void> loadOrganizationsAndRoles() {
    return storage
        .organizations()
        .list()
        .map(
            all -> {
              all.forEach(one -> organizations.put(one.id(), one));
              for (var kind : List.of(Kind.SYSTEM, Kind.DEFAULT)) {
                reportIf(
                    all.stream().filter(one -> one.kind() == kind).count() > 1,
                    () -> "there is more than one organization of kind %s".formatted(kind));
              }
              return all;
            })
        .compose(
            all ->
                each(
                    all,
                    one ->
                        Failure.emptyIf(
                                Reason.NO_SUCH_ORGANIZATION,
                                storage.organizations().find(one.name()))
                            .map(
                                found -> {
                                  reportIf(
                                      !found.equals(Optional.of(one)),
                                      () ->
                                          "organization %s: not found by its name"
                                              .formatted(one.id()));
                                  return null;
                                })))
        .compose(done -> storage.roles().list())
        .map(
            all -> {
              all.forEach(role -> roles.add(role.name()));
              return null;
            });
  }

  private Future<Void> eachUser(Function<User, Future<?>> work) {
    return eachUser(Optional.empty(), work);
  }

  private Future<Void> eachUser(Optional<UserId> after, Function<User, Future<?>> work) {
    return storage
        .users()
        .list(UserQuery.first(PAGE_SIZE).after(after))
        .compose(
            page -> {
              var items = page.items();
              var done = each(items, work);
              return items.size() < PAGE_SIZE
                  ? done
                  : done.compose(
                      next -> eachUser(Optional.of(items.get(PAGE_SIZE - 1).id()), work));
            });
  }

  private static <T> Future<Void> each(List<T> all, Function<T, Future<?>> work) {
    var last = Future.<Void>succeededFuture();
    for (var one : all) {
      last = last.compose(done -> work.apply(one).mapEmpty());
    }
    return last;
  }

  private Future<Void> checkUser(User user) {
    users++;
    builtIn += user.builtIn() ? 1 : 0;
    administrators += user.administrator() && user.active() ? 1 : 0;
    withDefaultHome += user.home().isEmpty() ? 1 : 0;
    user.memberships().keySet().forEach(id -> members.merge(id, 1L, Long::sum));
    reportIf(
        user.home().filter(home -> !user.memberships().containsKey(home)).isPresent(),
        () -> "user %s: isn't a member of its home organization".formatted(user.id()));
    missing(user.memberships().keySet(), organizations.keySet())
        .forEach(
            id ->
                reportIf(
                    true,
                    () ->
                        "user %s: belongs to organization %s, which is gone"
                            .formatted(user.id(), id)));
    missing(user.roles(), roles)
        .forEach(
            role ->
                reportIf(
                    true,
                    () -> "user %s: holds role '%s', which is gone".formatted(user.id(), role)));
    user.password()
        .flatMap(Integrity::findHashProblem)
        .ifPresent(
            reason ->
                reportIf(
                    true,
                    () ->
                        "user %s: no password can be verified against its hash: %s"
                            .formatted(user.id(), reason)));
    return checkLookups(user).compose(done -> checkNames(user));
  }

  private static Optional<String> findHashProblem(PasswordHash hash) {
    try {
      HashFamilies.parse(hash.encoded());
      return Optional.empty();
    } catch (UnsupportedHashException unsupported) {
      return Optional.of(String.valueOf(unsupported.getMessage()));
    }
  }

  private static <T> Set<T> missing(Set<T> some, Set<T> all) {
    return some.stream().filter(one -> !all.contains(one)).collect(Collectors.toSet());
  }

  private Future<Void> checkLookups(User user) {
    var store = storage.users();
    return checkFound(store.find(user.id()), user, "its id")
        .compose(done -> checkFound(store.find(user.name()), user, "its name"))
        .compose(
            done ->
                each(
                    user.aliases(),
                    alias -> checkFound(store.find(alias), user, "its id in " + alias.dialect())))
        .compose(
            done ->
                user.email().isEmpty()
                    ? Future.succeededFuture()
                    : store
                        .findByEmail(user.email().get())
                        .map(
                            all -> {
                              reportIf(
                                  !all.contains(user),
                                  () ->
                                      "user %s: not found by its e-mail address"
                                          .formatted(user.id()));
                              return null;
                            }));
  }

  private Future<Void> checkFound(Future<User> found, User user, String by) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, found)
        .map(
            one -> {
              reportIf(
                  !one.equals(Optional.of(user)),
                  () -> "user %s: not found by %s".formatted(user.id(), by));
              return null;
            });
  }

  /**
   * Names and e-mail addresses share one namespace, and shown names are unique in each
   * organization.
   */
  private Future<Void> checkNames(User user) {
    var own = organizations.values().stream().filter(one -> belongs(user, one)).toList();
    return storage
        .users()
        .findByEmail(user.name())
        .map(
            all -> {
              reportIf(
                  all.stream().anyMatch(one -> !one.id().equals(user.id())),
                  () -> "user %s: its name is another user's e-mail address".formatted(user.id()));
              return null;
            })
        .compose(
            done ->
                each(
                    own,
                    organization ->
                        each(
                            organization.namesShownAs(organization.shownName(user.name())),
                            name -> checkNamesake(name, user, organization))));
  }

  private Future<Void> checkNamesake(String name, User user, Organization organization) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, storage.users().find(name))
        .map(
            other -> {
              reportIf(
                  other
                      .filter(one -> !one.id().equals(user.id()) && belongs(one, organization))
                      .isPresent(),
                  () ->
                      "user %s: shown in organization %s by the same name as another user"
                          .formatted(user.id(), organization.id()));
              return null;
            });
  }

  private static boolean belongs(User user, Organization organization) {
    return user.memberships().containsKey(organization.id())
        || (organization.kind() == Kind.DEFAULT && user.home().isEmpty())
        || (organization.kind() == Kind.SYSTEM && user.administrator());
  }

  private Future<Void> checkCounts() {
    return each(
            List.copyOf(organizations.keySet()),
            id ->
                checkCount(
                    new UserFilter.In(id, false), members.getOrDefault(id, 0L), id.toString()))
        .compose(
            done ->
                checkCount(
                    new UserFilter.In(new OrganizationId(-1), true),
                    withDefaultHome,
                    "that is the default"))
        .compose(done -> checkCount(UserFilter.EVERYONE, users, "of everybody"));
  }

  private Future<Void> checkCount(UserFilter filter, long expected, String what) {
    return storage
        .users()
        .list(UserQuery.first(0).matching(filter).withTotal())
        .map(
            page -> {
              reportIf(
                  page.total() != expected,
                  () ->
                      "organization %s: counted as %d users, has %d"
                          .formatted(what, page.total(), expected));
              return null;
            });
  }

  private void checkAdministrators() {
    reportIf(builtIn > 1, () -> "%d users are the built-in account".formatted(builtIn));
    reportIf(users > 0 && administrators == 0, () -> "no active user is an administrator");
  }

  private Future<Void> removeMissingReferences() {
    return loadOrganizationsAndRoles()
        .compose(
            done ->
                eachUser(
                    user ->
                        missing(user.memberships().keySet(), organizations.keySet()).isEmpty()
                                && missing(user.roles(), roles).isEmpty()
                            ? Future.succeededFuture()
                            : storage.users().update(user.id(), this::withoutMissingReferences)));
  }

  private User withoutMissingReferences(User user) {
    var rest = user;
    for (var id : missing(user.memberships().keySet(), organizations.keySet())) {
      rest = rest.withoutMembership(id);
    }
    for (var role : missing(user.roles(), roles)) {
      rest = rest.withoutRole(role);
    }
    return rest;
  }
}
