package dev.doppel.users;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Keeps tokens by the hash of their secret. Promises as for {@link UserStore}. */
public interface TokenStore {

  /** Keeps a token; one with the same hash is replaced. */
  Future<Token> insert(Token token);

  /**
   * Keeps those of many tokens whose hash isn't taken, as one change.
   *
   * @return the hashes that were taken, in the store or by a token before in the list
   */
  Future<List<TokenHash>> insertAll(List<Token> tokens);

  /**
   * Keeps sessions that begin together: all of them, or none. Of the sessions of their owner only
   * the newest stay, in the order of their ids.
   *
   * @param sessions new ones of one user, at least one
   * @param limit how many the user has at most, at least as many as begin
   */
  Future<Void> insertSessions(List<Token> sessions, int limit);

  /** Fails with NO_SUCH_TOKEN. An expired token is found until it is purged. */
  Future<Token> find(TokenHash hash);

  /** Fails with NO_SUCH_TOKEN; as above for an expired one. */
  Future<Token> find(long id);

  /** All tokens of a kind, expired ones too until they are purged, in ascending order of id. */
  Future<List<Token>> list(Token.Kind kind);

  /** All tokens of a user, expired ones too until they are purged, in ascending order of id. */
  Future<List<Token>> list(UserId owner);

  /**
   * Fails with NO_SUCH_TOKEN. The change may run more than once and must not alter hash, id, kind
   * and owner.
   */
  Future<Token> update(TokenHash hash, UnaryOperator<Token> change);

  /** Removes a token and gives it back. Fails with NO_SUCH_TOKEN. */
  Future<Token> delete(TokenHash hash);

  /** Removes the tokens that expire before the moment; how many there were. */
  Future<Integer> purge(Instant before);
}
