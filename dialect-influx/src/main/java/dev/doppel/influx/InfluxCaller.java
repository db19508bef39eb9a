package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who asks, and what it may do.
 *
 * @param held permissions of the token, or of the user in a session
 * @param whole all that the user may do to users
 */
record InfluxCaller(User user, Optional<Token> token, List<InfluxPermission> held, Authority whole)
    implements Caller {

  static InfluxCaller of(Call call) {
    return call.caller(InfluxCaller.class);
  }

  /** Fails with FORBIDDEN, whose subject is the permission. */
  void require(InfluxPermission needed) {
    if (inactiveToken()) {
      throw InfluxErrors.TOKEN_INACTIVE.newException(Reason.FORBIDDEN);
    }
    if (!holds(needed)) {
      throw Failure.of(Reason.FORBIDDEN, needed.toString());
    }
  }

  /** All of the user's in a session; with a token, what the token carries of it. */
  @Override
  public Authority authority() {
    return token
        .flatMap(InfluxAuthorization::of)
        .map(authorization -> authorization.authority(whole, held))
        .orElse(whole);
  }

  /**
   * For {@link Future#recover}: tells what the caller's authority doesn't reach as a permission
   * that is missing.
   */
  static <T> Function<Throwable, Future<T>> telling(InfluxPermission needed) {
    return thrown ->
        Future.failedFuture(
            thrown instanceof Failure failure
                    && failure.reason() == Reason.FORBIDDEN
                    && failure.subject().isEmpty()
                ? Failure.of(Reason.FORBIDDEN, needed.toString())
                : thrown);
  }

  /** Whether a row that needs this permission is shown. */
  boolean may(InfluxPermission needed) {
    return !inactiveToken() && holds(needed);
  }

  private boolean holds(InfluxPermission needed) {
    for (var permission : held) {
      if (permission.allows(needed)) {
        return true;
      }
    }
    return false;
  }

  /** Its owner gets in with it, but may do nothing. */
  private boolean inactiveToken() {
    return token.isPresent() && token.get().status() == Status.INACTIVE;
  }
}
