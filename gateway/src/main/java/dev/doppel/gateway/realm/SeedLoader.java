package dev.doppel.gateway.realm;

import dev.doppel.Seed;
import dev.doppel.Seed.SeededOrganization;
import dev.doppel.Seed.SeededRole;
import dev.doppel.Seed.SeededToken;
import dev.doppel.Seed.SeededUser;
import dev.doppel.SeedCheck;
import dev.doppel.SeedConflict;
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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts rows of a seed into a realm, as part of a change that is under way. Of rows that can't be
 * put in it keeps a list of lines, and goes on with the others, so that all of them can be named;
 * the change must fail then. Not thread-safe; one for each change.
 */
final class SeedLoader {

  private final Realm realm;
  private final ServedVendor<?> tokens;
  private final Map<String, Organization> organizations = new HashMap<>();
  private final Set<String> roles = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * @param realm within the change
   * @param tokens the vendor that makes tokens with permissions of their own
   */
  SeedLoader(Realm realm, ServedVendor<?> tokens) {
    this.realm = realm;
    this.tokens = tokens;
  }

  /** Fails with {@link SeedConflict} if rows could not be put in. */
  Future<Void> unlessRefused() {
    return problems.isEmpty()
        ? Future.succeededFuture()
        : Future.failedFuture(new SeedConflict(problems));
  }

  /** Creates organizations and roles; what is there already stays, but for its description. */
  Future<Void> loadReferences(Seed seed) {
    return each(indexed(seed.organizations()), one -> organization(one.row, one.place))
        .compose(done -> each(seed.roles(), this::role));
  }

  /** A row and where it stands. */
  private record Placed<T>(T row, int place) {}

  private static <T> List<Placed<T>> indexed(List<T> rows) {
    var placed = new ArrayList<Placed<T>>(rows.size());
    rows.forEach(row -> placed.add(new Placed<>(row, placed.size())));
    return placed;
  }

  static <T> Future<Void> each(Iterable<T> all, Function<T, Future<?>> one) {
    var last = Future.<Void>succeededFuture();
    for (var item : all) {
      last = last.compose(done -> one.apply(item).mapEmpty());
    }
    return last;
  }

  private Future<?> organization(SeededOrganization seeded, int place) {
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
        .compose(found -> described(found, seeded))
        .onSuccess(found -> organizations.put(seeded.name(), found))
        .recover(
            thrown -> refused(thrown, Reason.ORGANIZATION_EXISTS, "organizations[" + place + "]"));
  }

  private Future<Organization> described(Organization found, SeededOrganization seeded) {
    var description = seeded.description();
    return description == null
        ? Future.succeededFuture(found)
        : realm
            .organizations()
            .update(Authority.SERVER, found.id(), one -> one.withDescription(description));
  }

  /** Notes what a failure for this reason says; another one is passed on. */
  private Future<Organization> refused(Throwable thrown, Reason reason, String where) {
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

  /** One that is there already gets the extras that are given, and stays as it is otherwise. */
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

  /** Creates what users refer to and a seed doesn't list. */
  private Future<Void> loadMissing(List<SeededUser> users) {
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
    return each(
            named,
            name ->
                realm
                    .organizations()
                    .findOrCreate(name)
                    .onSuccess(found -> organizations.put(name, found))
                    .recover(
                        thrown ->
                            refused(thrown, Reason.ORGANIZATION_EXISTS, "users.organizations")))
        .compose(done -> each(held, name -> role(new Role(name, "", false, Map.of()))));
  }

  /** What a row says, but for the organizations. */
  static NewUser wanted(SeededUser seeded) {
    var user =
        NewUser.named(seeded.name())
            .withId(Optional.ofNullable(seeded.id()).flatMap(UserId::parse));
    user = seeded.clear().map(user::withPassword).orElse(user);
    user = seeded.hashed().map(user::withHash).orElse(user);
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
   * @param first the place of the first of them in the seed
   * @param hashed what {@link #wanted} makes of them, with passwords hashed
   */
  Future<Void> loadUsers(int first, List<SeededUser> users, List<NewUser> hashed) {
    return loadMissing(users)
        .compose(
            done -> {
              var all = new ArrayList<NewUser>(users.size());
              for (int i = 0; i < users.size(); i++) {
                all.add(joining(hashed.get(i), users.get(i)));
              }
              return realm.users().by(Authority.SERVER).createAll(all);
            })
        .compose(verdicts -> loadTokens(first, users, verdicts));
  }

  /** A user of one organization only was made in it. */
  private NewUser joining(NewUser user, SeededUser seeded) {
    var only = seeded.organizations().size() == 1;
    var joined = user;
    for (var membership : seeded.organizations().entrySet()) {
      var organization = organizations.get(membership.getKey());
      if (organization != null) { // or it has been reported
        joined = joining(joined, organization, membership.getValue(), only);
      }
    }
    return joined;
  }

  private static NewUser joining(
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
              var places = new HashMap<TokenHash, String>();
              for (int i = 0; i < users.size(); i++) {
                var where = "users[" + (first + i) + "]";
                var verdict = verdicts.get(i);
                verdict.failure().ifPresent(failure -> problems.add(where + line(failure)));
                for (int j = 0; j < users.get(i).tokens().size(); j++) {
                  var token = users.get(i).tokens().get(j);
                  tokens.add(token(token, verdict.user(), home));
                  places.put(token.hash(), where + ".tokens[" + j + "]");
                }
              }
              return realm
                  .tokens()
                  .issueAll(tokens)
                  .map(
                      taken -> {
                        taken.forEach(
                            hash -> problems.add(places.get(hash) + ": token already exists"));
                        return null;
                      });
            });
  }

  private static String line(Failure failure) {
    var subject = failure.subject().orElse("");
    return switch (failure.reason()) {
      case USER_EXISTS -> ": '" + subject + "' is taken, as a name or an e-mail address";
      case USER_ID_EXISTS -> ": its id or one of its aliases is taken";
      default -> ": " + failure.reason() + " " + subject;
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
