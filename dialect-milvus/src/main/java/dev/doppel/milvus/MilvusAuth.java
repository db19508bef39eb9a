package dev.doppel.milvus;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.SignIn;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Authenticates callers: every request carries name and password. There are no sessions and no API
 * keys.
 */
final class MilvusAuth {

  private final Realm realm;

  MilvusAuth(Realm realm) {
    this.realm = realm;
  }

  Future<Caller> caller(Call call) {
    return MilvusCredentials.of(call)
        .map(
            pair ->
                user(pair.signIn(call))
                    .map(user -> Caller.of(user, Optional.empty(), authorityOf(user))))
        .orElseGet(() -> Future.failedFuture(Failure.of(Reason.NO_CREDENTIALS)));
  }

  Authority authorityOf(User user) {
    return realm.organizations().authorityOf(user);
  }

  /**
   * Verifies a sign-in; {@code root} is the built-in account, even if it has another name. Fails
   * with WRONG_SIGN_IN or INACTIVE_USER.
   */
  Future<User> user(SignIn signIn) {
    return named(realm, signIn.name())
        .compose(user -> realm.users().verify(user, signIn))
        .compose(Users::requireActive);
  }

  /** Finds the user of a name; {@code root} is the built-in account. */
  static Future<Optional<User>> named(Realm realm, String name) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(name))
        .compose(
            user ->
                user.isEmpty() && name.equals(MilvusNames.ROOT)
                    ? realm.builtIn()
                    : Future.succeededFuture(user));
  }
}
