package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** The tokens of one realm. The secret of a token is chosen by the dialect that issues it. */
public final class Tokens {

  private final TokenStore store;
  private final Ids ids;
  private final Clock clock;

  public Tokens(TokenStore store, Ids ids, Clock clock) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
  }

  /** A session of the user with one dialect, for so long from now. */
  public Future<Token> startSession(String secret, User owner, String dialect, Duration life) {
    return startSession(secret, owner, dialect, life, Map.of());
  }

  /**
   * As above, with what the dialect wants to remember about it.
   *
   * @param extras JSON text under the dialect's name
   */
  public Future<Token> startSession(
      String secret, User owner, String dialect, Duration life, Map<String, String> extras) {
    return issue(
        secret,
        owner,
        Token.Kind.SESSION,
        Optional.of(dialect),
        Optional.of(now().plus(life)),
        "",
        extras);
  }

  /** A token without an end, good in every dialect. */
  public Future<Token> issueForEveryDialect(String secret, User owner, String description) {
    return issue(
        secret, owner, Token.Kind.API, Optional.empty(), Optional.empty(), description, Map.of());
  }

  private Future<Token> issue(
      String secret,
      User owner,
      Token.Kind kind,
      Optional<String> dialect,
      Optional<Instant> expires,
      String description,
      Map<String, String> extras) {
    return store.insert(
        new Token(
            TokenHash.of(secret),
            ids.next(),
            owner.id(),
            kind,
            dialect,
            Status.ACTIVE,
            now(),
            expires,
            description,
            extras));
  }

  /**
   * The token with this secret, if the dialect accepts it and it has not expired. Fails with
   * BAD_CREDENTIALS or EXPIRED_CREDENTIALS.
   */
  public Future<Token> find(String secret, String dialect) {
    return store
        .find(TokenHash.of(secret))
        .recover(Failure.replacing(Reason.NO_SUCH_TOKEN, Reason.BAD_CREDENTIALS))
        .compose(
            token -> {
              if (token.dialect().isPresent() && !token.dialect().get().equals(dialect)) {
                return Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS));
              }
              return token.expiredAt(now())
                  ? Future.failedFuture(Failure.of(Reason.EXPIRED_CREDENTIALS))
                  : Future.succeededFuture(token);
            });
  }

  /**
   * Makes the token live so long from now, if that is longer than it would. What is gained must be
   * worth a write: less than a thirtieth of that life is not, so that not every request writes.
   */
  public Future<Token> prolong(Token token, Duration life) {
    var wanted = now().plus(life);
    var enough = wanted.minus(life.dividedBy(30));
    if (token.expires().isEmpty() || !token.expires().get().isBefore(enough)) {
      return Future.succeededFuture(token);
    }
    return store.update(token.hash(), current -> current.withExpires(wanted));
  }

  /** Ends the token. Fails with NO_SUCH_TOKEN if it has ended already. */
  public Future<Token> end(Token token) {
    return store.delete(token.hash());
  }

  /** Forgets the tokens that have expired; how many there were. */
  public Future<Integer> purge() {
    return store.purge(now());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
