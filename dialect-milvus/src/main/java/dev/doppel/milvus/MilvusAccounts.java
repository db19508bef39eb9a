package dev.doppel.milvus;

import dev.doppel.dialect.Deviations;
import dev.doppel.dialect.ShownUser;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.NewUser;
import dev.doppel.users.Page;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import dev.doppel.users.SignIn;
import dev.doppel.users.TextOrder;
import dev.doppel.users.User;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserQuery;
import dev.doppel.users.Users;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates, changes, deletes and shows users (2.6.19: internal/proxy/impl.go,
 * internal/rootcoord/root_coord.go). Callers check privileges first.
 */
final class MilvusAccounts {

  /** The server's limit of users, with {@code root}. */
  private static final int MAX_USERS = 100;

  private static final int MAX_DESCRIPTION_BYTES = 1024;

  private final Users users;
  private final Realm realm;
  private final MilvusEra era;

  MilvusAccounts(Realm realm, MilvusEra era) {
    this.users = realm.users();
    this.realm = realm;
    this.era = era;
  }

  ShownUser shown(User user, Deviations deviations) {
    var description = MilvusExtras.description(user);
    return new ShownUser.Builder()
        .kept("userName", user.name())
        .kept("roles", roles(user, deviations))
        .keptIf(!description.isEmpty(), "description", description)
        .lost("status", Optional.of(user.status().name().toLowerCase(Locale.ROOT)))
        .lost("email", user.email())
        .lost("fullName", user.fullName())
        .lost("organizations", Optional.of(user.memberships().size()).filter(size -> size > 0))
        .build(user, MilvusExtras.DIALECT);
  }

  /**
   * Creates a user.
   *
   * @param given password; evaluated after the name was checked
   * @param description null for none; the first era has none
   */
  Future<User> create(
      MilvusCaller by, String userName, Supplier<Password> given, @Nullable String description) {
    var deviations = by.deviations();
    var name = MilvusNames.checkUser(userName, era, deviations);
    checkDescription(description);
    var password = MilvusPasswords.checked(given.get(), deviations);
    var wanted =
        MilvusExtras.withDescription(NewUser.named(name).withPassword(password), description);
    // Counted in one change with the creation, so that the limit holds; before, too, to save the
    // hashing.
    return checkVacant(realm, name, deviations)
        .compose(
            unlimited ->
                users
                    .hashPassword(wanted)
                    .compose(
                        hashed ->
                            unlimited
                                ? create(realm, by, hashed) // which checks the name itself
                                : realm.change(
                                    now ->
                                        checkVacant(now, name, deviations)
                                            .compose(vacant -> create(now, by, hashed)))))
        .recover(
            thrown ->
                Future.failedFuture(
                    Failure.from(thrown).reason() == Reason.USER_EXISTS
                        ? era.userExists(name)
                        : thrown));
  }

  private static Future<User> create(Realm now, MilvusCaller by, NewUser hashed) {
    return now.users().by(by.authority()).create(hashed);
  }

  private static void checkDescription(@Nullable String description) {
    var length = description == null ? 0 : description.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_DESCRIPTION_BYTES) {
      throw MilvusErrors.INVALID.newException(
          Reason.INVALID_VALUE,
          "invalid user description with length %s, the length of user description must be less than or equal to %s"
              .formatted(length, MAX_DESCRIPTION_BYTES));
    }
  }

  /**
   * Fails if the name is taken, or if the limit of users is reached. Later versions check the name
   * first, earlier ones the limit.
   *
   * @return whether there are as many users as the limit allows, and yet there can be more
   */
  private Future<Boolean> checkVacant(Realm now, String name, Deviations deviations) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, now.users().find(name))
        .compose(
            taken -> {
              if (taken.isPresent() && era == MilvusEra.THIRD) {
                throw era.userExists(name);
              }
              return checkUserLimit(now, deviations)
                  .compose(
                      unlimited ->
                          taken.isEmpty()
                              ? Future.succeededFuture(unlimited)
                              : Future.failedFuture(era.userExists(name)));
            });
  }

  private Future<Boolean> checkUserLimit(Realm now, Deviations deviations) {
    return now.users()
        .list(UserQuery.first(1).from(MAX_USERS - 1))
        .map(
            page -> {
              var reached = !page.items().isEmpty();
              if (reached && !deviations.asDocumented(MilvusDifference.NUMBER_OF_USERS)) {
                throw era.tooManyUsers();
              }
              return reached;
            });
  }

  /** Returns all users in ascending order of their names. */
  Future<List<User>> list() {
    return users.list(UserQuery.first(Integer.MAX_VALUE).by(Common.NAME)).map(Page::items);
  }

  /** Returns a user; empty if there is none, and a refusal of the name if there can't be one. */
  Future<Optional<User>> find(String name, Deviations deviations) {
    return find(realm, name, deviations);
  }

  /**
   * Users of other dialects have names that Milvus wouldn't accept, so they are looked up first.
   */
  private Future<Optional<User>> find(Realm now, String name, Deviations deviations) {
    return MilvusAuth.named(now, name)
        .map(
            user -> {
              if (user.isEmpty()) {
                MilvusNames.checkUser(name, era, deviations);
              }
              return user;
            });
  }

  /** Returns the roles that a user was granted, in ascending order. */
  List<String> roles(User user, Deviations deviations) {
    var roles = new TreeSet<>(user.roles());
    if (user.administrator() && showsAdmin(user, deviations)) {
      roles.add(Role.ADMINISTRATOR);
    }
    return List.copyOf(roles);
  }

  private static boolean showsAdmin(User administrator, Deviations deviations) {
    return !administrator.builtIn()
        || MilvusExtras.admin(administrator)
            .orElseGet(() -> deviations.asDocumented(MilvusDifference.ROLES_OF_ROOT));
  }

  /** Returns the names of users who were granted a role, in ascending order. */
  Future<List<String>> holders(String roleName, Deviations deviations) {
    var administrators = roleName.equals(Role.ADMINISTRATOR);
    var filter = administrators ? new UserFilter.Administrators() : new UserFilter.Holds(roleName);
    return users
        .list(UserQuery.first(Integer.MAX_VALUE).matching(filter))
        .map(
            page ->
                page.items().stream()
                    .filter(user -> !administrators || showsAdmin(user, deviations))
                    .map(User::name)
                    .sorted(TextOrder.BY_CODE_POINT)
                    .toList());
  }

  /**
   * Changes the password, the description, or both.
   *
   * @param current the user and the current password, which is ignored without a new one
   */
  Future<User> update(
      MilvusCaller by, SignIn current, Optional<Password> wanted, @Nullable String description) {
    var name = current.name();
    checkDescription(description);
    if (wanted.isEmpty()) {
      return describe(by.authority(), name, description);
    }
    var checked = MilvusPasswords.checked(wanted.get(), by.deviations());
    return MilvusAuth.named(realm, name)
        .compose(user -> users.verify(user, current))
        .compose(
            user ->
                users.changePassword(
                    user.id(),
                    current.password(),
                    current.address(),
                    () -> checked,
                    one ->
                        description == null ? one : MilvusExtras.withDescription(one, description)))
        .recover(wrong -> Future.failedFuture(refusal(name, wrong)));
  }

  /** An unknown user and a wrong password give the same error, after the same time. */
  private static Throwable refusal(String name, Throwable thrown) {
    return switch (Failure.from(thrown).reason()) {
      case WRONG_SIGN_IN, WRONG_PASSWORD, NO_SUCH_USER -> Failure.of(Reason.WRONG_PASSWORD, name);
      default -> thrown;
    };
  }

  private Future<User> describe(Authority by, String name, @Nullable String description) {
    if (description == null) {
      throw MilvusErrors.INVALID.newException(
          Reason.INVALID_VALUE, "must update either password or description");
    }
    return realm.change(
        now ->
            MilvusAuth.named(now, name)
                .map(user -> user.orElseThrow(era::noUserToUpdate))
                .compose(
                    user ->
                        now.users()
                            .by(by)
                            .update(
                                user.id(),
                                one -> {
                                  by.checkExtrasChange(one);
                                  return MilvusExtras.withDescription(one, description);
                                })));
  }

  /** Deletes a user; succeeds if there is none. */
  Future<Void> drop(Authority by, String name) {
    return realm.change(now -> drop(now, by, name));
  }

  private static Future<Void> drop(Realm now, Authority by, String name) {
    return MilvusAuth.named(now, name)
        .compose(
            user -> {
              if (name.equals(MilvusNames.ROOT) || user.filter(User::builtIn).isPresent()) {
                throw MilvusErrors.BUILT_IN.newException(
                    Reason.FORBIDDEN, "root user cannot be deleted");
              }
              return user.isEmpty()
                  ? Future.succeededFuture()
                  : now.users().by(by).delete(user.get().id()).mapEmpty();
            });
  }

  /** Grants a role; succeeds if it is granted already. */
  Future<Void> grant(MilvusCaller by, String userName, String roleName) {
    return realm.change(
        now ->
            find(now, userName, by.deviations())
                .compose(
                    user ->
                        requireRole(now, roleName)
                            .map(role -> user.orElseThrow(() -> era.noUserToGrantTo(userName))))
                .compose(user -> bind(now, by.authority(), user, roleName, true)));
  }

  /** Revokes a role; succeeds if it was never granted, and if there is no such user. */
  Future<Void> revoke(MilvusCaller by, String userName, String roleName) {
    return realm.change(
        now ->
            find(now, userName, by.deviations())
                .compose(user -> requireRole(now, roleName).map(role -> user))
                .compose(
                    user ->
                        user.isEmpty()
                            ? Future.succeededFuture()
                            : bind(now, by.authority(), user.get(), roleName, false)));
  }

  private static Future<Void> bind(
      Realm now, Authority by, User user, String roleName, boolean granted) {
    return now.users()
        .by(by)
        .update(
            user.id(),
            one -> {
              by.checkExtrasChange(one);
              return bound(one, roleName, granted);
            })
        .mapEmpty();
  }

  /**
   * The role {@code admin} makes a user an administrator. The server's {@code root} keeps all
   * rights with or without the role, so only the roles that are shown of it change.
   */
  private static User bound(User user, String roleName, boolean granted) {
    if (roleName.equals(Role.ADMINISTRATOR)) {
      return user.builtIn() && user.administrator()
          ? MilvusExtras.withAdmin(user, granted)
          : user.withAdministrator(granted);
    }
    return granted ? user.withRole(roleName) : user.withoutRole(roleName);
  }

  private Future<Role> requireRole(Realm now, String name) {
    MilvusNames.checkRole(name, era);
    return Failure.emptyIf(Reason.NO_SUCH_ROLE, now.roles().find(name))
        .map(role -> role.orElseThrow(era::noRoleToDropOrBind));
  }
}
