package dev.doppel.users;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Stores tokens by the hash of their secret, with the guarantees of {@link UserStore}. */
public interface TokenStore {

  /** Stores a token, replacing one with the same hash. */
  Future<Token> insert(Token token);

  /**
   * Stores the tokens whose hash isn't taken, as one change.
   *
   * @return the taken hashes, in the store or by an earlier token in the list
   */
  Future<List<TokenHash>> insertAll(List<Token> tokens);

  /**
   * Stores new sessions of one user, as one change, and deletes the user's oldest sessions, in the
   * order of their ids, if there are more than the limit.
   *
   * @param sessions at least one, all of one user
   * @param limit the maximum number of sessions of the user; at least the number of new ones
   */
  Future<Void> insertSessions(List<Token> sessions, int limit);

  /** Returns the token with this hash, even if it has expired. Fails with NO_SUCH_TOKEN. */
  Future<Token> find(TokenHash hash);

  /** Returns the token with this id, even if it has expired. Fails with NO_SUCH_TOKEN. */
  Future<Token> find(long id);

  /** Returns all tokens of a kind, including expired ones, in ascending order of id. */
  Future<List<Token>> list(Token.Kind kind);

  /** Returns all tokens of a user, including expired ones, in ascending order of id. */
  Future<List<Token>> list(UserId owner);

  /**
   * Changes a token. Fails with NO_SUCH_TOKEN.
   *
   * @param change may be called more than once, and must not change hash, id, kind and owner
   */
  Future<Token> update(TokenHash hash, UnaryOperator<Token> change);

  /** Deletes a token and returns it. Fails with NO_SUCH_TOKEN. */
  Future<Token> delete(TokenHash hash);

  /** Deletes the tokens that expire before the given time, and returns their number. */
  Future<Integer> deleteExpired(Instant before);
}
