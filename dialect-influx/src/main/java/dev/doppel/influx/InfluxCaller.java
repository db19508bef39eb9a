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
 * The caller of a request and its permissions. Immutable.
 *
 * @param held permissions of the token, or of the user in a session
 * @param whole the authority of the user
 */
record InfluxCaller(User user, Optional<Token> token, List<InfluxPermission> held, Authority whole)
    implements Caller {

  static InfluxCaller of(Call call) {
    return call.caller(InfluxCaller.class);
  }

  /** Throws FORBIDDEN, whose subject is the permission, if the caller does not hold it. */
  void require(InfluxPermission needed) {
    if (inactiveToken()) {
      throw InfluxErrors.TOKEN_INACTIVE.newException(Reason.FORBIDDEN);
    }
    if (!holds(needed)) {
      throw Failure.of(Reason.FORBIDDEN, needed.toString());
    }
  }

  /**
   * Returns the authority of the user in a session; with a token, the part that the token carries.
   */
  @Override
  public Authority authority() {
    return token
        .flatMap(InfluxAuthorization::of)
        .map(authorization -> authorization.authority(whole, held))
        .orElse(whole);
  }

  /**
   * Returns a function for {@link Future#recover} that reports a lack of authority as this missing
   * permission.
   */
  static <T> Function<Throwable, Future<T>> asMissing(InfluxPermission needed) {
    return thrown ->
        Future.failedFuture(
            thrown instanceof Failure failure
                    && failure.reason() == Reason.FORBIDDEN
                    && failure.subject().isEmpty()
                ? Failure.of(Reason.FORBIDDEN, needed.toString())
                : thrown);
  }

  /** Returns whether the caller holds a permission. An inactive token holds none. */
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

  /** Returns whether the token is inactive: it authenticates its owner but permits nothing. */
  boolean inactiveToken() {
    return token.isPresent() && token.get().status() == Status.INACTIVE;
  }
}
