package dev.doppel.users;

import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The tokens of one realm. The dialect that issues a token chooses its secret. A token becomes
 * invalid with the deletion of its owner, even if there is a user with the same id later.
 * Thread-safe.
 */
public final class Tokens {

  /** The default maximum number of sessions of a user. */
  public static final int DEFAULT_MAX_SESSIONS = 1000;

  private final TokenStore store;
  private final Ids ids;
  private final Clock clock;
  private final int maxSessions;

  /**
   * Creates an instance for a store.
   *
   * @param maxSessions the maximum number of sessions of a user over all dialects; the oldest end
   *     when there would be more
   */
  public Tokens(TokenStore store, Ids ids, Clock clock, int maxSessions) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
    this.maxSessions = maxSessions;
  }

  /** Returns the same tokens in a store that is part of a change. */
  Tokens withStore(TokenStore store) {
    return new Tokens(store, ids, clock, maxSessions);
  }

  /** Starts a session of the user, valid in one dialect. */
  public Future<Token> startSession(String secret, User owner, String dialect, Duration life) {
    return startSessions(owner, dialect, List.of(NewSession.of(secret, life)))
        .map(sessions -> sessions.get(0));
  }

  /**
   * A session to start. Immutable.
   *
   * @param hash of its secret
   * @param life from now until it expires
   * @param extras JSON text under the dialect's name
   */
  public record NewSession(TokenHash hash, Duration life, Map<String, String> extras) {

    public NewSession {
      extras = Map.copyOf(extras);
    }

    /** Returns a session without extras. */
    public static NewSession of(String secret, Duration life) {
      return new NewSession(TokenHash.of(secret), life, Map.of());
    }

    public NewSession withExtras(String dialect, String json) {
      return new NewSession(hash, life, Map.of(dialect, json));
    }
  }

  /**
   * Starts several sessions of the user, valid in one dialect, as one change. The user's oldest
   * other sessions end if there would be too many.
   *
   * @return the sessions in the given order
   */
  public Future<List<Token>> startSessions(
      User owner, String dialect, List<NewSession> newSessions) {
    var sessions = newSessions.stream().map(one -> session(one, owner, dialect)).toList();
    return store.insertSessions(sessions, Math.max(maxSessions, sessions.size())).map(sessions);
  }

  private Token session(NewSession newSession, User owner, String dialect) {
    return token(
        newSession.hash(),
        owner,
        Token.Kind.SESSION,
        Optional.of(dialect),
        Status.ACTIVE,
        Optional.of(now().plus(newSession.life())),
        "",
        newSession.extras());
  }

  /**
   * Issues a token that doesn't expire, is valid in every dialect and has all its owner's rights.
   */
  public Future<Token> issueForEveryDialect(String secret, User owner, String description) {
    return store.insert(
        token(
            TokenHash.of(secret),
            owner,
            Token.Kind.API,
            Optional.empty(),
            Status.ACTIVE,
            Optional.empty(),
            description,
            Map.of()));
  }

  /**
   * Issues a token that doesn't expire and is valid in one dialect. Fails with FORBIDDEN if the
   * owner is an administrator and the issuer is not.
   *
   * @param by authority of the issuer
   * @param extras JSON text of the dialect
   */
  public Future<Token> issue(
      Authority by,
      String secret,
      User owner,
      String dialect,
      Status status,
      String description,
      String extras) {
    return Failure.check(() -> by.checkActingAs(owner))
        .compose(
            allowed ->
                store.insert(
                    token(
                        TokenHash.of(secret),
                        owner,
                        Token.Kind.API,
                        Optional.of(dialect),
                        status,
                        Optional.empty(),
                        description,
                        Map.of(dialect, extras))));
  }

  /**
   * A token to issue. Immutable.
   *
   * @param hash of its secret
   * @param dialect the only dialect that accepts it; empty if every one does, with all rights of
   *     the owner
   * @param expires empty if it doesn't expire
   * @param extras JSON text under the dialect's name
   */
  public record NewToken(
      TokenHash hash,
      User owner,
      Optional<String> dialect,
      Status status,
      Optional<Instant> expires,
      String description,
      Map<String, String> extras) {

    public NewToken {
      extras = Map.copyOf(extras);
    }

    /** Returns a token that is valid in every dialect. */
    public static NewToken forEveryDialect(TokenHash hash, User owner, String description) {
      return new NewToken(
          hash, owner, Optional.empty(), Status.ACTIVE, Optional.empty(), description, Map.of());
    }

    public NewToken with(Status status, Optional<Instant> expires) {
      return new NewToken(hash, owner, dialect, status, expires, description, extras);
    }
  }

  /**
   * Issues API tokens with given secrets, as one change. Not for clients, since it checks no
   * authority.
   *
   * @return the hashes of tokens that existed already; those are unchanged
   */
  public Future<List<TokenHash>> issueAll(List<NewToken> newTokens) {
    return store.insertAll(
        newTokens.stream()
            .map(
                one ->
                    token(
                        one.hash,
                        one.owner,
                        Token.Kind.API,
                        one.dialect,
                        one.status,
                        one.expires,
                        one.description,
                        one.extras))
            .toList());
  }

  private Token token(
      TokenHash hash,
      User owner,
      Token.Kind kind,
      Optional<String> dialect,
      Status status,
      Optional<Instant> expires,
      String description,
      Map<String, String> extras) {
    var now = now();
    return new Token(
        hash,
        ids.next(),
        owner.id(),
        owner.created(),
        owner.sessionEpoch(),
        kind,
        dialect,
        status,
        now,
        now,
        expires,
        description,
        extras);
  }

  /**
   * Returns the token with this secret. Fails with BAD_CREDENTIALS if there is none that the
   * dialect accepts, and with EXPIRED_CREDENTIALS if it has expired.
   */
  public Future<Token> find(String secret, String dialect) {
    return store
        .find(TokenHash.of(secret))
        .recover(Failure.replacing(Reason.NO_SUCH_TOKEN, Reason.BAD_CREDENTIALS))
        .compose(
            token -> {
              if (!token.acceptedBy(dialect)) {
                return Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS));
              }
              return token.expiredAt(now())
                  ? Future.failedFuture(Failure.of(Reason.EXPIRED_CREDENTIALS))
                  : Future.succeededFuture(token);
            });
  }

  /** Returns the API token with this id, if the dialect accepts it. Fails with NO_SUCH_TOKEN. */
  public Future<Token> find(long id, String dialect) {
    return store
        .find(id)
        .compose(
            token ->
                token.kind() == Token.Kind.API && token.acceptedBy(dialect)
                    ? Future.succeededFuture(token)
                    : Future.failedFuture(Failure.of(Reason.NO_SUCH_TOKEN)));
  }

  /** Returns all API tokens that the dialect accepts, in ascending order of id. */
  public Future<List<Token>> list(String dialect) {
    return store.list(Token.Kind.API).map(all -> accepted(all, dialect));
  }

  /** Returns the user's API tokens that the dialect accepts, in ascending order of id. */
  public Future<List<Token>> list(User owner, String dialect) {
    return store
        .list(owner.id())
        .map(
            all ->
                accepted(all, dialect).stream().filter(token -> token.isValidFor(owner)).toList());
  }

  /** Returns the user's current sessions with the dialect, the oldest first. */
  public Future<List<Token>> sessions(User owner, String dialect) {
    return store
        .list(owner.id())
        .map(
            all ->
                all.stream()
                    .filter(token -> token.kind() == Token.Kind.SESSION && token.isValidFor(owner))
                    .filter(token -> token.acceptedBy(dialect) && !token.expiredAt(now()))
                    .sorted(Comparator.comparing(Token::created).thenComparing(Token::id))
                    .toList());
  }

  private static List<Token> accepted(List<Token> tokens, String dialect) {
    return tokens.stream()
        .filter(token -> token.kind() == Token.Kind.API && token.acceptedBy(dialect))
        .toList();
  }

  /**
   * Changes a token and sets its time of change. Fails with NO_SUCH_TOKEN, and with FORBIDDEN if
   * the token belongs to an administrator or is valid in every dialect, and the caller is neither
   * its owner nor an administrator.
   */
  public Future<Token> update(Authority by, Token token, User owner, UnaryOperator<Token> change) {
    return Failure.check(() -> by.checkChange(token, owner))
        .compose(
            allowed ->
                store.update(token.hash(), current -> change.apply(current).updatedAt(now())));
  }

  /**
   * Extends the token to expire after the given time from now. Does nothing if it doesn't expire,
   * or if it would gain less than a thirtieth of that time, so that not every request writes.
   */
  public Future<Token> prolong(Token token, Duration life) {
    var expires = now().plus(life);
    var enough = expires.minus(life.dividedBy(30));
    if (token.expires().isEmpty() || !token.expires().get().isBefore(enough)) {
      return Future.succeededFuture(token);
    }
    return store.update(token.hash(), current -> current.withExpires(expires));
  }

  /** Deletes the token. Fails with NO_SUCH_TOKEN, and with FORBIDDEN as {@link #update}. */
  public Future<Token> end(Authority by, Token token, User owner) {
    return Failure.check(() -> by.checkChange(token, owner)).compose(allowed -> end(token));
  }

  /** Deletes the token without checking an authority. Fails with NO_SUCH_TOKEN. */
  public Future<Token> end(Token token) {
    return store.delete(token.hash());
  }

  /**
   * Deletes all tokens of a user, sessions and API tokens of every dialect, without checking an
   * authority. All end together only within {@link Realm#change}.
   */
  public Future<Void> endAll(User owner) {
    return store
        .list(owner.id())
        .compose(
            all -> {
              var done = Future.<Void>succeededFuture();
              for (var token : all) {
                done =
                    done.compose(
                        before ->
                            Failure.emptyIf(Reason.NO_SUCH_TOKEN, store.delete(token.hash()))
                                .mapEmpty());
              }
              return done;
            });
  }

  /**
   * Deletes expired tokens, and returns their number. A token must have expired both by this
   * realm's clock and by the machine's, since other processes may share the tokens but not the
   * realm's clock.
   *
   * @param machineTime the time of the machine's clock
   */
  public Future<Integer> deleteExpired(Instant machineTime) {
    var now = now();
    return store.deleteExpired(machineTime.isBefore(now) ? machineTime : now);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
