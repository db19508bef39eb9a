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
 * Looks whether everything in a storage belongs together: users are found by all that they are
 * found by, lists and counts are complete, organizations and roles of users are there, no two users
 * are shown by one name, and there is an active administrator. Meant for a storage that isn't
 * changed meanwhile.
 */
public final class Integrity {

  private static final int PAGE = 1_000;

  /** So many are told one by one. */
  private static final int MAX_PROBLEMS = 1_000;

  /**
   * What was found.
   *
   * @param users how many were looked at
   * @param problems one line each, without secrets; the first thousand
   */
  public record Report(long users, long organizations, long roles, List<String> problems) {
    public Report {
      problems = List.copyOf(problems);
    }

    public boolean sound() {
      return problems.isEmpty();
    }
  }

  private final Storage storage;
  private final List<String> problems = new ArrayList<>();
  private final Map<OrganizationId, Organization> organizations = new HashMap<>();
  private final Set<String> roles = new HashSet<>();
  private final Map<OrganizationId, Long> members = new HashMap<>();
  private long users;
  private long atHome;
  private long builtIn;
  private long administrators;

  private Integrity(Storage storage) {
    this.storage = storage;
  }

  /** Looks, and changes nothing. Fails as the storage does. */
  public static Future<Report> check(Storage storage) {
    return new Integrity(storage).check();
  }

  /**
   * Mends what can be: indexes and counts are made anew, and users lose organizations and roles
   * that are gone. What is left is told by {@link #check}.
   */
  public static Future<Void> mend(Storage storage) {
    return storage.reindex().compose(done -> new Integrity(storage).removeWhatIsGone());
  }

  private Future<Report> check() {
    return learn()
        .compose(done -> eachUser(this::look))
        .compose(done -> lookAtCounts())
        .map(
            done -> {
              lookAtAdministrators();
              return new Report(users, organizations.size(), roles.size(), problems);
            });
  }

  private void tell(boolean wrong, Supplier<String> problem) {
    if (wrong && problems.size() < MAX_PROBLEMS) {
      problems.add(problem.get());
    }
  }

  private Future<Void> learn() {
    return storage
        .organizations()
        .list()
        .map(
            all -> {
              all.forEach(one -> organizations.put(one.id(), one));
              for (var kind : List.of(Kind.SYSTEM, Kind.DEFAULT)) {
                tell(
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
                                  tell(
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
        .list(UserQuery.first(PAGE).after(after))
        .compose(
            page -> {
              var items = page.items();
              var done = each(items, work);
              return items.size() < PAGE
                  ? done
                  : done.compose(next -> eachUser(Optional.of(items.get(PAGE - 1).id()), work));
            });
  }

  private static <T> Future<Void> each(List<T> all, Function<T, Future<?>> work) {
    var last = Future.<Void>succeededFuture();
    for (var one : all) {
      last = last.compose(done -> work.apply(one).mapEmpty());
    }
    return last;
  }

  private Future<Void> look(User user) {
    users++;
    builtIn += user.builtIn() ? 1 : 0;
    administrators += user.administrator() && user.active() ? 1 : 0;
    atHome += user.home().isEmpty() ? 1 : 0;
    user.memberships().keySet().forEach(id -> members.merge(id, 1L, Long::sum));
    tell(
        user.home().filter(home -> !user.memberships().containsKey(home)).isPresent(),
        () -> "user %s: isn't a member of its home organization".formatted(user.id()));
    missing(user.memberships().keySet(), organizations.keySet())
        .forEach(
            id ->
                tell(
                    true,
                    () ->
                        "user %s: belongs to organization %s, which is gone"
                            .formatted(user.id(), id)));
    missing(user.roles(), roles)
        .forEach(
            role ->
                tell(
                    true,
                    () -> "user %s: holds role '%s', which is gone".formatted(user.id(), role)));
    user.password()
        .flatMap(Integrity::unsupported)
        .ifPresent(
            reason ->
                tell(
                    true,
                    () ->
                        "user %s: no password can be verified against its hash: %s"
                            .formatted(user.id(), reason)));
    return lookUp(user).compose(done -> lookAtNames(user));
  }

  private static Optional<String> unsupported(PasswordHash hash) {
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

  private Future<Void> lookUp(User user) {
    var store = storage.users();
    return isFound(store.find(user.id()), user, "its id")
        .compose(done -> isFound(store.find(user.name()), user, "its name"))
        .compose(
            done ->
                each(
                    user.aliases(),
                    alias -> isFound(store.find(alias), user, "its id in " + alias.dialect())))
        .compose(
            done ->
                user.email().isEmpty()
                    ? Future.succeededFuture()
                    : store
                        .havingEmail(user.email().get())
                        .map(
                            all -> {
                              tell(
                                  !all.contains(user),
                                  () ->
                                      "user %s: not found by its e-mail address"
                                          .formatted(user.id()));
                              return null;
                            }));
  }

  private Future<Void> isFound(Future<User> found, User user, String by) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, found)
        .map(
            one -> {
              tell(
                  !one.equals(Optional.of(user)),
                  () -> "user %s: not found by %s".formatted(user.id(), by));
              return null;
            });
  }

  /** Names and e-mail addresses are one namespace, and shown names are unique where they are. */
  private Future<Void> lookAtNames(User user) {
    var own = organizations.values().stream().filter(one -> belongs(user, one)).toList();
    return storage
        .users()
        .havingEmail(user.name())
        .map(
            all -> {
              tell(
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
                            name -> lookForNamesake(name, user, organization))));
  }

  private Future<Void> lookForNamesake(String name, User user, Organization organization) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, storage.users().find(name))
        .map(
            other -> {
              tell(
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

  private Future<Void> lookAtCounts() {
    return each(
            List.copyOf(organizations.keySet()),
            id ->
                isCounted(
                    new UserFilter.In(id, false), members.getOrDefault(id, 0L), id.toString()))
        .compose(
            done ->
                isCounted(
                    new UserFilter.In(new OrganizationId(-1), true), atHome, "that is the default"))
        .compose(done -> isCounted(UserFilter.EVERYONE, users, "of everybody"));
  }

  private Future<Void> isCounted(UserFilter filter, long expected, String what) {
    return storage
        .users()
        .list(UserQuery.first(0).matching(filter).withTotal())
        .map(
            page -> {
              tell(
                  page.total() != expected,
                  () ->
                      "organization %s: counted as %d users, has %d"
                          .formatted(what, page.total(), expected));
              return null;
            });
  }

  private void lookAtAdministrators() {
    tell(builtIn > 1, () -> "%d users are the built-in account".formatted(builtIn));
    tell(users > 0 && administrators == 0, () -> "no active user is an administrator");
  }

  private Future<Void> removeWhatIsGone() {
    return learn()
        .compose(
            done ->
                eachUser(
                    user ->
                        missing(user.memberships().keySet(), organizations.keySet()).isEmpty()
                                && missing(user.roles(), roles).isEmpty()
                            ? Future.succeededFuture()
                            : storage.users().update(user.id(), this::withoutWhatIsGone)));
  }

  private User withoutWhatIsGone(User user) {
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
