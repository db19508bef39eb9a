package dev.doppel.gateway.realm;

import dev.doppel.Seed;
import dev.doppel.Seed.SeededOrganization;
import dev.doppel.Seed.SeededRole;
import dev.doppel.Seed.SeededToken;
import dev.doppel.Seed.SeededUser;
import dev.doppel.SeedCheck;
import dev.doppel.SeedConflictException;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.users.Alias;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import dev.doppel.users.Status;
import dev.doppel.users.TokenHash;
import dev.doppel.users.Tokens.NewToken;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.Users.CreationResult;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Loads rows of a seed into a realm, as part of an open change. Collects a line for each row that
 * conflicts and continues with the others, to report all of them; {@link #failOnProblems} then
 * fails the change. Not thread-safe; one instance for each change.
 */
final class SeedLoader {

  private final Realm realm;
  private final ServedVendor<?> tokens;
  private final Map<String, Organization> organizations = new HashMap<>();
  private final Set<String> roles = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * @param realm the realm within the change
   * @param tokens the vendor that creates tokens with permissions of their own
   */
  SeedLoader(Realm realm, ServedVendor<?> tokens) {
    this.realm = realm;
    this.tokens = tokens;
  }

  /** Fails with {@link SeedConflictException} if rows could not be loaded. */
  Future<Void> failOnProblems() {
    return problems.isEmpty()
        ? Future.succeededFuture()
        : Future.failedFuture(new SeedConflictException(problems));
  }

  /**
   * Creates organizations and roles. Of existing ones, updates the description of organizations and
   * the extras of roles.
   */
  Future<Void> loadReferences(Seed seed) {
    return forEachInOrder(indexed(seed.organizations()), one -> organization(one.row, one.index))
        .compose(done -> forEachInOrder(seed.roles(), this::role));
  }

  /** A row and its index. */
  private record Indexed<T>(T row, int index) {}

  private static <T> List<Indexed<T>> indexed(List<T> rows) {
    var indexed = new ArrayList<Indexed<T>>(rows.size());
    rows.forEach(row -> indexed.add(new Indexed<>(row, indexed.size())));
    return indexed;
  }

  /** Runs an action for each item, one after the other. */
  static <T> Future<Void> forEachInOrder(Iterable<T> all, Function<T, Future<?>> action) {
    var last = Future.<Void>succeededFuture();
    for (var item : all) {
      last = last.compose(done -> action.apply(item).mapEmpty());
    }
    return last;
  }

  private Future<?> organization(SeededOrganization seeded, int index) {
    var id =
        Optional.ofNullable(seeded.id())
            .flatMap(UserId::parse)
            .map(parsed -> new OrganizationId(parsed.value()));
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, realm.organizations().find(seeded.name()))
        .compose(
            known ->
                known
                    .filter(one -> id.isEmpty() || id.get().equals(one.id()))
                    .filter(
                        one -> seeded.aliases().isEmpty() || seeded.aliases().equals(one.aliases()))
                    .map(Future::succeededFuture)
                    .orElseGet(
                        () -> realm.organizations().create(id, seeded.name(), seeded.aliases())))
        .compose(found -> withDescription(found, seeded))
        .onSuccess(found -> organizations.put(seeded.name(), found))
        .recover(
            thrown ->
                reportConflict(thrown, Reason.ORGANIZATION_EXISTS, "organizations[" + index + "]"));
  }

  private Future<Organization> withDescription(Organization found, SeededOrganization seeded) {
    var description = seeded.description();
    return description == null
        ? Future.succeededFuture(found)
        : realm
            .organizations()
            .update(Authority.SERVER, found.id(), one -> one.withDescription(description));
  }

  /** Reports a failure for this reason as a problem; fails with any other failure. */
  private Future<Organization> reportConflict(Throwable thrown, Reason reason, String where) {
    var failure = Failure.from(thrown);
    if (failure.reason() != reason) {
      return Future.failedFuture(thrown);
    }
    problems.add(
        where
            + ": the name '%s' or its id is already in use, or the name differs only in punctuation"
                .formatted(failure.subject().orElse("")));
    return Future.succeededFuture();
  }

  private Future<?> role(SeededRole seeded) {
    var extras = new HashMap<String, String>();
    seeded
        .extras()
        .forEach((dialect, json) -> extras.put(dialect, SeedCheck.roleExtras(dialect, json)));
    return role(
        new Role(
            seeded.name(), Objects.requireNonNullElse(seeded.description(), ""), false, extras));
  }

  /** Creates a role, or adds the given extras to an existing one. */
  private Future<?> role(Role wanted) {
    return Failure.emptyIf(Reason.NO_SUCH_ROLE, realm.roles().find(wanted.name()))
        .compose(
            known ->
                known
                    .map(found -> withExtras(found, wanted))
                    .orElseGet(() -> realm.roles().insert(wanted)))
        .onSuccess(found -> roles.add(wanted.name()));
  }

  private Future<Role> withExtras(Role found, Role wanted) {
    return wanted.extras().isEmpty()
        ? Future.succeededFuture(found)
        : realm.roles().update(found.name(), role -> merged(role, wanted));
  }

  private static Role merged(Role role, Role wanted) {
    var merged = role;
    for (var extras : wanted.extras().entrySet()) {
      merged = merged.withExtras(extras.getKey(), extras.getValue());
    }
    return merged;
  }

  /** Creates the organizations and roles that users refer to and the seed doesn't list. */
  private Future<Void> createMissing(List<SeededUser> users) {
    var named =
        users.stream()
            .flatMap(
                user ->
                    Stream.concat(
                        user.organizations().keySet().stream(),
                        user.tokens().stream()
                            .flatMap(token -> Stream.ofNullable(token.organization()))))
            .filter(name -> !organizations.containsKey(name))
            .collect(Collectors.toCollection(TreeSet::new));
    var held =
        users.stream()
            .flatMap(user -> user.roles().stream())
            .filter(name -> !roles.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    return forEachInOrder(
            named,
            name ->
                realm
                    .organizations()
                    .findOrCreate(name)
                    .onSuccess(found -> organizations.put(name, found))
                    .recover(
                        thrown ->
                            reportConflict(
                                thrown, Reason.ORGANIZATION_EXISTS, "users.organizations")))
        .compose(done -> forEachInOrder(held, name -> role(new Role(name, "", false, Map.of()))));
  }

  /** Converts a row to a user without its organizations. */
  static NewUser toNewUser(SeededUser seeded) {
    var user =
        NewUser.named(seeded.name())
            .withId(Optional.ofNullable(seeded.id()).flatMap(UserId::parse));
    user = seeded.clearPassword().map(user::withPassword).orElse(user);
    user = seeded.hashedPassword().map(user::withHash).orElse(user);
    user = seeded.status() == null ? user : user.withStatus(seeded.status());
    user = seeded.email() == null ? user : user.withEmail(seeded.email());
    user = seeded.fullName() == null ? user : user.withFullName(seeded.fullName());
    for (var role : seeded.roles()) {
      user = role.equals(Role.ADMINISTRATOR) ? user.withAdministrator(true) : user.withRole(role);
    }
    for (var alias : seeded.aliases().entrySet()) {
      user = user.withAlias(new Alias(alias.getKey(), alias.getValue()));
    }
    return user;
  }

  /**
   * Creates users and their tokens.
   *
   * @param first index of the first user in the seed
   * @param hashed the users from {@link #toNewUser}, with hashed passwords
   */
  Future<Void> loadUsers(int first, List<SeededUser> users, List<NewUser> hashed) {
    return createMissing(users)
        .compose(
            done -> {
              var all = new ArrayList<NewUser>(users.size());
              for (int i = 0; i < users.size(); i++) {
                all.add(withMemberships(hashed.get(i), users.get(i)));
              }
              return realm.users().by(Authority.SERVER).createAll(all);
            })
        .compose(verdicts -> loadTokens(first, users, verdicts));
  }

  /** Adds memberships. A user of a single ordinary organization has its home there. */
  private NewUser withMemberships(NewUser user, SeededUser seeded) {
    var only = seeded.organizations().size() == 1;
    var result = user;
    for (var membership : seeded.organizations().entrySet()) {
      var organization = organizations.get(membership.getKey());
      if (organization != null) { // otherwise it is already reported
        result = withMembership(result, organization, membership.getValue(), only);
      }
    }
    return result;
  }

  private static NewUser withMembership(
      NewUser user, Organization organization, Membership membership, boolean only) {
    return only && organization.kind() == Organization.Kind.ORDINARY
        ? user.withHome(organization.id(), membership)
        : user.withMembership(organization.id(), membership);
  }

  private Future<Void> loadTokens(
      int first, List<SeededUser> users, List<CreationResult> verdicts) {
    return realm
        .organizations()
        .defaultOrganization()
        .compose(
            home -> {
              var tokens = new ArrayList<NewToken>();
              var paths = new HashMap<TokenHash, String>();
              for (int i = 0; i < users.size(); i++) {
                var where = "users[" + (first + i) + "]";
                var verdict = verdicts.get(i);
                verdict.failure().ifPresent(failure -> problems.add(where + line(failure)));
                for (int j = 0; j < users.get(i).tokens().size(); j++) {
                  var token = users.get(i).tokens().get(j);
                  tokens.add(token(token, verdict.user(), home));
                  paths.put(token.hash(), where + ".tokens[" + j + "]");
                }
              }
              return realm
                  .tokens()
                  .issueAll(tokens)
                  .map(
                      duplicates -> {
                        duplicates.forEach(
                            hash -> problems.add(paths.get(hash) + ": token already exists"));
                        return null;
                      });
            });
  }

  private static String line(Failure failure) {
    var subject = failure.subject().orElse("");
    return switch (failure.reason()) {
      case USER_EXISTS -> ": '" + subject + "' is taken, as a name or an e-mail address";
      case USER_ID_EXISTS -> ": its id or one of its aliases is taken";
      default ->
          ": "
              + failure.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ')
              + (subject.isEmpty() ? "" : ": " + subject);
    };
  }

  private NewToken token(SeededToken seeded, User owner, Organization home) {
    var description = Objects.requireNonNullElse(seeded.description(), "");
    var status = seeded.status() == null ? Status.ACTIVE : seeded.status();
    var expires = Optional.ofNullable(seeded.expires()).map(Instant::parse);
    var permissions = seeded.permissions();
    var token =
        permissions == null
            ? NewToken.forEveryDialect(seeded.hash(), owner, description)
            : tokens
                .newToken(
                    seeded.hash(),
                    Optional.ofNullable(seeded.token()),
                    owner,
                    organizations.getOrDefault(
                        Objects.requireNonNullElse(seeded.organization(), ""), home),
                    description,
                    permissions.stream().map(Seed.SeededPermission::scoped).toList())
                .orElseThrow();
    return token.with(status, expires);
  }
}
