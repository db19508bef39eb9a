package dev.doppel.users;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A token, with which a client authenticates instead of a password. Only the client knows the
 * secret itself. Immutable.
 *
 * @param id identifies the token in lists; has the bits of a {@link UserId}
 * @param ownerCreated {@link User#created()} of the owner; makes the token invalid for a later user
 *     with the same id
 * @param ownerEpoch {@link User#sessionEpoch()} of the owner; a session ends when it changes
 * @param dialect the only dialect that accepts the token, or empty if every one does
 * @param updated when status or description was last changed
 * @param expires empty if the token doesn't expire
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

  /** The purpose of a token. */
  public enum Kind {
    /** Created by signing in; ends by signing out or by expiring. */
    SESSION,
    /** Created for programs. */
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

  /** For stores from before tokens had {@code ownerCreated}. */
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

  /** Returns this token with another status and description. */
  public Token with(Status status, String description) {
    return copy(status, updated, expires, description);
  }

  /**
   * Returns this token with other JSON text of a dialect.
   *
   * @param json as of {@link Extras#encode}
   */
  public Token withExtras(String dialect, String json) {
    var all = new HashMap<>(extras);
    all.put(dialect, json);
    return new Token(
        hash,
        id,
        owner,
        ownerCreated,
        ownerEpoch,
        kind,
        this.dialect,
        status,
        created,
        updated,
        expires,
        description,
        all);
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

  /** Returns whether the dialect accepts the token. */
  public boolean acceptedBy(String dialect) {
    return this.dialect.isEmpty() || this.dialect.get().equals(dialect);
  }

  /** Returns what the dialect stores about this token, as JSON text. */
  public Optional<String> extras(String dialect) {
    return Optional.ofNullable(extras.get(dialect));
  }

  /** Omits hash and extras, since a dialect may store the secret itself in its extras. */
  @Override
  public String toString() {
    return "Token[" + kind + " " + id + " of " + owner + "]";
  }
}
