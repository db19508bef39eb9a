package dev.doppel.milvus;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.SignIn;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import io.vertx.core.Future;
import java.util.Optional;

/** Who asks: every request carries name and password. There are no sessions and no API keys. */
final class MilvusAuth {

  private final Users users;

  MilvusAuth(Users users) {
    this.users = users;
  }

  Future<Caller> caller(Call call) {
    return MilvusCredentials.of(call)
        .map(pair -> user(pair.signIn(call)).map(user -> Caller.of(user, Optional.empty())))
        .orElseGet(() -> Future.failedFuture(Failure.of(Reason.NO_CREDENTIALS)));
  }

  /** Fails with WRONG_SIGN_IN or INACTIVE_USER. */
  Future<User> user(SignIn signIn) {
    return users.signIn(signIn);
  }
}
