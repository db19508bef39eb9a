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
 * The tokens of one realm. The secret of a token is chosen by the dialect that issues it. A token
 * is of use to one incarnation of its owner only. Thread-safe.
 */
public final class Tokens {

  /** How many sessions a user has at most, unless a realm is told otherwise. */
  public static final int DEFAULT_MAX_SESSIONS = 1000;

  private final TokenStore store;
  private final Ids ids;
  private final Clock clock;
  private final int maxSessions;

  /**
   * @param maxSessions how many sessions a user has at most, over all dialects; the oldest end when
   *     there would be more
   */
  public Tokens(TokenStore store, Ids ids, Clock clock, int maxSessions) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
    this.maxSessions = maxSessions;
  }

  /** The same tokens, in a change that is under way. */
  Tokens within(TokenStore store) {
    return new Tokens(store, ids, clock, maxSessions);
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
    var wanted = new NewSession(TokenHash.of(secret), life, extras);
    return startSessions(owner, dialect, List.of(wanted)).map(sessions -> sessions.get(0));
  }

  /**
   * A session to start. Immutable.
   *
   * @param hash of its secret
   * @param life how long it lasts
   * @param extras JSON text under the dialect's name
   */
  public record NewSession(TokenHash hash, Duration life, Map<String, String> extras) {

    public NewSession {
      extras = Map.copyOf(extras);
    }

    /** Returns a session about which the dialect has nothing to remember. */
    public static NewSession of(String secret, Duration life) {
      return new NewSession(TokenHash.of(secret), life, Map.of());
    }

    public NewSession withExtras(String dialect, String json) {
      return new NewSession(hash, life, Map.of(dialect, json));
    }
  }

  /**
   * Starts several sessions of the user with one dialect: all of them, or none. The user's oldest
   * other sessions end if there would be too many.
   *
   * @return the sessions in the order of those wanted
   */
  public Future<List<Token>> startSessions(User owner, String dialect, List<NewSession> wanted) {
    var sessions = wanted.stream().map(one -> session(one, owner, dialect)).toList();
    return store.insertSessions(sessions, Math.max(maxSessions, sessions.size())).map(sessions);
  }

  private Token session(NewSession wanted, User owner, String dialect) {
    return token(
        wanted.hash(),
        owner,
        Token.Kind.SESSION,
        Optional.of(dialect),
        Status.ACTIVE,
        Optional.of(now().plus(wanted.life())),
        "",
        wanted.extras());
  }

  /** A token without an end, good in every dialect, that carries all that its owner may do. */
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
   * A token without an end, good in one dialect. Fails with FORBIDDEN if the owner is an
   * administrator and the issuer is none.
   *
   * @param by who issues it
   * @param extras JSON text that the dialect keeps about it
   */
  public Future<Token> issue(
      Authority by,
      String secret,
      User owner,
      String dialect,
      Status status,
      String description,
      String extras) {
    try {
      by.checkActingAs(owner);
    } catch (Failure refused) {
      return Future.failedFuture(refused);
    }
    return store.insert(
        token(
            TokenHash.of(secret),
            owner,
            Token.Kind.API,
            Optional.of(dialect),
            status,
            Optional.empty(),
            description,
            Map.of(dialect, extras)));
  }

  /**
   * A token to issue. Immutable.
   *
   * @param hash of its secret
   * @param dialect the only one that accepts it; empty if every dialect does, and the token carries
   *     all that its owner may do
   * @param expires empty if it has no end
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

    /** Returns a token that is good in every dialect. */
    public static NewToken forEveryDialect(TokenHash hash, User owner, String description) {
      return new NewToken(
          hash, owner, Optional.empty(), Status.ACTIVE, Optional.empty(), description, Map.of());
    }

    public NewToken with(Status status, Optional<Instant> expires) {
      return new NewToken(hash, owner, dialect, status, expires, description, extras);
    }
  }

  /**
   * Issues API tokens whose secrets were chosen elsewhere, as one change. Not for clients: nothing
   * is asked about who issues them.
   *
   * @return the hashes of those that there were already, which stay as they are
   */
  public Future<List<TokenHash>> issueAll(List<NewToken> wanted) {
    return store.insertAll(
        wanted.stream()
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
   * The token with this secret, if the dialect accepts it and it has not expired. Fails with
   * BAD_CREDENTIALS or EXPIRED_CREDENTIALS.
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

  /** The API token with this id, if the dialect accepts it. Fails with NO_SUCH_TOKEN. */
  public Future<Token> find(long id, String dialect) {
    return store
        .find(id)
        .compose(
            token ->
                token.kind() == Token.Kind.API && token.acceptedBy(dialect)
                    ? Future.succeededFuture(token)
                    : Future.failedFuture(Failure.of(Reason.NO_SUCH_TOKEN)));
  }

  /** All API tokens that the dialect accepts, in ascending order of id. */
  public Future<List<Token>> list(String dialect) {
    return store.list(Token.Kind.API).map(all -> accepted(all, dialect));
  }

  /** The user's API tokens that the dialect accepts, in ascending order of id. */
  public Future<List<Token>> list(User owner, String dialect) {
    return store
        .list(owner.id())
        .map(
            all ->
                accepted(all, dialect).stream().filter(token -> token.isValidFor(owner)).toList());
  }

  /** The user's sessions with the dialect that go on, the oldest first. */
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
   * Changes what is said about a token; notes when. Fails with NO_SUCH_TOKEN, and with FORBIDDEN if
   * the token is an administrator's or good in every dialect, and the caller is neither its owner
   * nor an administrator.
   */
  public Future<Token> update(Authority by, Token token, User owner, UnaryOperator<Token> change) {
    return checked(by, token, owner)
        .compose(
            allowed ->
                store.update(token.hash(), current -> change.apply(current).updatedAt(now())));
  }

  private static Future<Void> checked(Authority by, Token token, User owner) {
    try {
      by.checkChange(token, owner);
      return Future.succeededFuture();
    } catch (Failure refused) {
      return Future.failedFuture(refused);
    }
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

  /** Ends a token as {@link #end(Token)} does, within an authority as {@link #update} does. */
  public Future<Token> end(Authority by, Token token, User owner) {
    return checked(by, token, owner).compose(allowed -> end(token));
  }

  /** Ends the token. Fails with NO_SUCH_TOKEN if it has ended already. */
  public Future<Token> end(Token token) {
    return store.delete(token.hash());
  }

  /**
   * Forgets the tokens that have expired both by this clock and by the machine's: other processes
   * may share the tokens, and not the clock. How many there were.
   *
   * @param machine the machine's time
   */
  public Future<Integer> purge(Instant machine) {
    var now = now();
    return store.purge(machine.isBefore(now) ? machine : now);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
