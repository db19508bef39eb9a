package dev.doppel.influx;

import dev.doppel.dialect.BasicCredentials;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.ShownUser;
import dev.doppel.dialect.VendorError;
import dev.doppel.influx.InfluxWire.NewPassword;
import dev.doppel.influx.InfluxWire.NewUserBody;
import dev.doppel.influx.InfluxWire.PasswordReset;
import dev.doppel.influx.InfluxWire.PermissionView;
import dev.doppel.influx.InfluxWire.UserList;
import dev.doppel.influx.InfluxWire.UserUpdate;
import dev.doppel.influx.InfluxWire.UserView;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.SignIn;
import dev.doppel.users.Status;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.Users;
import dev.doppel.wire.go.GoBasicAuth;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Users and their passwords (2.9.1: tenant/http_server_user.go, tenant/storage_user.go). */
final class InfluxUsers {

  private final Users users;
  private final InfluxPasswords passwords;

  InfluxUsers(Users users, InfluxPasswords passwords) {
    this.users = users;
    this.passwords = passwords;
  }

  /** Returns the same operations within a change. */
  InfluxUsers in(Realm now) {
    return new InfluxUsers(now.users(), passwords);
  }

  /** Lists users. The page is taken first; users that the caller may not read are then left out. */
  Future<Reply> list(Call call) {
    var page = InfluxPaging.of(call);
    var caller = InfluxCaller.of(call);
    var id = InfluxPaging.parameter(call, "id").map(InfluxId::user);
    var name = InfluxPaging.parameter(call, "name");
    var found =
        id.isPresent()
            ? find(id.get()).map(List::of)
            : name.isPresent() ? users.find(name.get()).map(List::of) : page.of(users);
    return found
        .map(
            all ->
                all.stream()
                    .filter(
                        user ->
                            caller.may(InfluxPermission.user(InfluxAction.READ, InfluxId.of(user))))
                    .toList())
        .map(readable -> Reply.ok(UserList.of(readable)));
  }

  Future<Reply> create(Call call, NewUserBody body) {
    var name = body.name() == null ? "" : body.name();
    var id = wantedId(call, body.id());
    var word = body.status() == null || body.status().isEmpty() ? "active" : body.status();
    var status = InfluxStatus.parse(word);
    if (status.isEmpty() && call.asDocumented(InfluxDifference.UNKNOWN_STATUS)) {
      throw InfluxErrors.UNKNOWN_STATUS.newException(Reason.INVALID_VALUE, "status");
    }
    InfluxCaller.of(call).require(InfluxPermission.all(InfluxAction.WRITE, InfluxPermission.USERS));
    if (name.isEmpty()) {
      throw InfluxErrors.NO_NAME.newException(Reason.INVALID_VALUE, "name");
    }
    InfluxKeys.checkLength(name, 0);
    var wanted = NewUser.named(name).withId(id).withStatus(status.orElse(Status.ACTIVE));
    return users
        .by(InfluxCaller.of(call).authority())
        .create(new InfluxExtras(body.oauthID(), status.isPresent() ? null : word).on(wanted))
        .map(user -> Reply.created(UserView.of(user)));
  }

  private static Optional<UserId> wantedId(Call call, @Nullable String text) {
    if (text == null
        || (UserId.parse(text).isEmpty() && call.asDocumented(InfluxDifference.MALFORMED_ID))) {
      return Optional.empty();
    }
    return Optional.of(InfluxId.user(text));
  }

  Future<Reply> get(Call call) {
    var id = routeId(call);
    return permitted(call, id, InfluxAction.READ)
        .map(user -> Reply.ok(UserView.of(requireFound(user, id))));
  }

  Future<Reply> update(Call call) {
    var id = routeId(call);
    var body = call.body(UserUpdate.class);
    var status = Optional.ofNullable(body.status()).map(InfluxUsers::status);
    var authority = InfluxCaller.of(call).authority();
    return permitted(call, id, InfluxAction.WRITE)
        .compose(
            user ->
                users
                    .by(authority)
                    .update(
                        requireFound(user, id).id(),
                        one -> {
                          authority.checkAccountChange(one);
                          return changed(one, body, status);
                        })
                    .recover(asMissing(user)))
        .map(user -> Reply.ok(UserView.of(user)));
  }

  private static Status status(String word) {
    return InfluxStatus.parse(word)
        .orElseThrow(
            () -> InfluxErrors.INVALID_STATUS.newException(Reason.INVALID_VALUE, "status"));
  }

  private static User changed(User user, UserUpdate body, Optional<Status> status) {
    var named = user;
    if (body.name() != null && !body.name().equals(user.name())) {
      if (body.name().isEmpty()) {
        throw InfluxErrors.KEY_REQUIRED.newException(Reason.INVALID_VALUE, "name");
      }
      InfluxKeys.checkLength(body.name(), 0);
      named = user.withName(body.name());
    }
    return status.isEmpty() ? named : InfluxExtras.withoutOddStatus(named.withStatus(status.get()));
  }

  Future<Reply> delete(Call call) {
    var id = routeId(call);
    return permitted(call, id, InfluxAction.WRITE)
        .compose(
            user ->
                users
                    .by(InfluxCaller.of(call).authority())
                    .delete(requireFound(user, id).id())
                    .recover(asMissing(user)))
        .map(user -> Reply.noContent());
  }

  Future<Reply> setPassword(Call call, NewPassword body) {
    var id = passwordRouteId(call);
    return permitted(call, id, InfluxAction.WRITE)
        .compose(user -> set(call, user, id, passwords.checked(body.password())));
  }

  private Future<Reply> set(Call call, Optional<User> user, UserId id, Password password) {
    return users
        .by(InfluxCaller.of(call).authority())
        .setPassword(requireFound(user, id).id(), password)
        .recover(asMissing(user))
        .map(done -> Reply.noContent());
  }

  private static <T> Function<Throwable, Future<T>> asMissing(Optional<User> user) {
    return InfluxCaller.asMissing(
        InfluxPermission.user(InfluxAction.WRITE, InfluxId.of(user.orElseThrow())));
  }

  Future<Reply> changePassword(Call call) {
    return changePassword(call, Optional.empty());
  }

  /** Changes the password of the user in the path, or of this other one. */
  Future<Reply> changePassword(Call call, Optional<UserId> other) {
    var basic = GoBasicAuth.of(call);
    var byToken = byToken(call);
    var body =
        checkedReset(
            call, other.isPresent() ? InfluxErrors.NO_BASIC_FOR_OWN : InfluxErrors.NO_BASIC);
    var id = other.orElseGet(() -> passwordRouteId(call));
    return permitted(call, id, InfluxAction.WRITE)
        .compose(
            user ->
                byToken
                    ? set(call, user, id, passwords.checked(body.password()))
                    : change(
                        requireFound(user, id), basic.orElseThrow().signIn(call), body.password()));
  }

  /** A request with a token has no Basic, which the server needs. */
  private static boolean byToken(Call call) {
    return InfluxCredentials.token(call).isPresent()
        && call.asDocumented(InfluxDifference.PASSWORD_BY_TOKEN);
  }

  private static PasswordReset checkedReset(Call call, VendorError noBasic) {
    if (GoBasicAuth.of(call).isEmpty() && !byToken(call)) {
      throw noBasic.newException(Reason.NO_CREDENTIALS);
    }
    return call.body(PasswordReset.class);
  }

  private Future<Reply> change(User user, SignIn current, @Nullable Password wanted) {
    return users
        .changePassword(
            user.id(), current.password(), current.address(), () -> passwords.checked(wanted))
        .map(done -> Reply.noContent());
  }

  /**
   * Answers with the permissions of a user by itself and by its mappings. One who doesn't exist has
   * those over itself.
   */
  Future<Reply> permissions(Call call) {
    var id = routeId(call);
    return permitted(call, id, InfluxAction.READ)
        .map(
            user ->
                user.map(InfluxMappings::permissions)
                    .orElseGet(() -> InfluxPermission.self(id.toString())))
        .map(permissions -> Reply.ok(permissions.stream().map(PermissionView::of).toList()));
  }

  /**
   * Finds a user. Throws FORBIDDEN if the caller lacks the permission, whether or not the user
   * exists.
   */
  private Future<Optional<User>> permitted(Call call, UserId id, InfluxAction action) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, find(id))
        .map(
            user -> {
              var shown = user.map(InfluxId::of).orElse(id.toString());
              InfluxCaller.of(call).require(InfluxPermission.user(action, shown));
              return user;
            });
  }

  private static User requireFound(Optional<User> user, UserId id) {
    return user.orElseThrow(() -> Failure.of(Reason.NO_SUCH_USER, id.toString()));
  }

  static ShownUser shown(User user) {
    var view = UserView.of(user);
    return new ShownUser.Builder()
        .derived("links", view.links())
        .id("id", view.id(), user.alias(InfluxDialect.NAME))
        .kept("name", view.name())
        .kept("oauthID", view.oauthID())
        .kept("status", view.status())
        .lost("email", user.email())
        .lost("fullName", user.fullName())
        .lost("roles", Optional.of(user.sortedRoles()).filter(roles -> !roles.isEmpty()))
        .build(user, InfluxDialect.NAME);
  }

  /** Returns the name of the user that a call is about. */
  Future<Optional<String>> subject(Call call) {
    return switch (call.operationName().orElse("")) {
      case "PostUsers" -> Future.succeededFuture(call.bodyText("name"));
      case "PostSetup" -> Future.succeededFuture(call.bodyText("username"));
      case "PostSignin" -> Future.succeededFuture(GoBasicAuth.of(call).map(BasicCredentials::name));
      default ->
          call.optionalParameter("userID")
              .flatMap(UserId::parse)
              .map(id -> find(id).map(user -> Optional.of(user.name())))
              .orElse(Future.succeededFuture(Optional.empty()));
    };
  }

  /** Finds a user by its own id, or by the one it was imported with. */
  Future<User> find(UserId id) {
    return users.find(Optional.of(id), InfluxWire.alias(id.toString()));
  }

  private static UserId routeId(Call call) {
    return InfluxId.user(call.parameter("userID"));
  }

  private static UserId passwordRouteId(Call call) {
    return UserId.parse(call.parameter("userID")).orElseThrow(InfluxUsers::newBadRouteIdException);
  }

  private static RuntimeException newBadRouteIdException() {
    return InfluxErrors.BAD_ROUTE_ID.newException(Reason.INVALID_ID);
  }

  /** Refuses a path without an id, which the server checks last and takes for a malformed id. */
  Future<Reply> changePasswordWithoutId(Call call) {
    checkedReset(call, InfluxErrors.NO_BASIC);
    throw newBadRouteIdException();
  }
}
