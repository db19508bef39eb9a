package dev.doppel.users;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a client shows instead of a password. The secret itself is known to the client alone.
 *
 * @param id identity in lists; the same bits as a {@link UserId}
 * @param ownerCreated {@link User#created()} of the owner; the token is of no use to another user
 *     who comes to have the same id
 * @param ownerEpoch {@link User#sessionEpoch()} of the owner; a session ends when it changes
 * @param dialect the only dialect that accepts it, or empty if every one does
 * @param updated when status or description was last changed
 * @param expires end of its life, or empty if it has none
 * @param extras what only one vendor knows, as JSON text under its dialect's name
 */
public record Token(
    TokenHash hash,
    long id,
    UserId owner,
    Instant ownerCreated,
    long ownerEpoch,
    Kind kind,
    Optional<String> dialect,
    Status status,
    Instant created,
    Instant updated,
    Optional<Instant> expires,
    String description,
    Map<String, String> extras) {

  /** What a token is made for. */
  public enum Kind {
    /** Made by signing in; ends by signing out or by time. */
    SESSION,
    /** Made to be kept and used by programs. */
    API
  }

  public Token {
    extras = Map.copyOf(extras);
  }

  public boolean expiredAt(Instant now) {
    return expires.isPresent() && !expires.get().isAfter(now);
  }

  public Token withExpires(Instant expires) {
    return copy(status, updated, Optional.of(expires), description);
  }

  /**
   * Returns whether the token was issued for this user. Another user who has the same id after the
   * owner was deleted is not the owner.
   */
  boolean isOwnedBy(User user) {
    return owner.equals(user.id()) && ownerCreated.equals(user.created());
  }

  /**
   * Returns whether the token was issued for this user and, if it is a session, whether no change
   * of the user has ended it.
   */
  boolean isValidFor(User user) {
    return isOwnedBy(user) && (kind == Kind.API || ownerEpoch == user.sessionEpoch());
  }

  /** For stores that are older than the owner's creation in tokens. */
  public Token withOwner(User user) {
    return new Token(
        hash,
        id,
        user.id(),
        user.created(),
        user.sessionEpoch(),
        kind,
        dialect,
        status,
        created,
        updated,
        expires,
        description,
        extras);
  }

  /** The same token in another state. */
  public Token with(Status status, String description) {
    return copy(status, updated, expires, description);
  }

  Token updatedAt(Instant updated) {
    return copy(status, updated, expires, description);
  }

  private Token copy(
      Status status, Instant updated, Optional<Instant> expires, String description) {
    return new Token(
        hash,
        id,
        owner,
        ownerCreated,
        ownerEpoch,
        kind,
        dialect,
        status,
        created,
        updated,
        expires,
        description,
        extras);
  }

  /** Whether it is good in this dialect. */
  public boolean acceptedBy(String dialect) {
    return this.dialect.isEmpty() || this.dialect.get().equals(dialect);
  }

  /** What the dialect keeps about this token, as JSON text. */
  public Optional<String> extras(String dialect) {
    return Optional.ofNullable(extras.get(dialect));
  }

  /** Without hash and extras: a vendor may keep the secret itself there. */
  @Override
  public String toString() {
    return "Token[" + kind + " " + id + " of " + owner + "]";
  }
}
