package dev.doppel.dialect;

import dev.doppel.users.Organization;
import dev.doppel.users.TokenHash;
import dev.doppel.users.Tokens.NewToken;
import dev.doppel.users.User;
import java.util.List;
import java.util.Optional;

/**
 * Tokens that hold in one vendor's dialect alone and have permissions of their own.
 *
 * @param <S> the vendor's settings
 */
public interface ScopedTokens<S> {

  /**
   * A permission, in the vendor's words.
   *
   * @param action such as {@code read}
   * @param type of resource, such as {@code buckets}
   * @param id of the one resource that it is about; empty for all of the type
   * @param withinOrganization whether it is about resources of the token's organization alone
   */
  record Permission(String action, String type, Optional<String> id, boolean withinOrganization) {}

  /**
   * Checks a permission.
   *
   * @throws IllegalArgumentException if the vendor knows no such permission; the message says which
   *     part is wrong and what is allowed
   */
  void check(Permission permission);

  /**
   * Reads the hash of a token in the form in which the vendor's server keeps it.
   *
   * @throws IllegalArgumentException if it has another form; the message says what is allowed
   */
  TokenHash parseHash(String text);

  /**
   * Returns a token whose secret was chosen elsewhere, with exactly these permissions.
   *
   * @param secret if it is known; a token without one can't be shown again, whatever the settings
   * @param organization that the token belongs to
   * @throws IllegalArgumentException as {@link #check} does
   */
  NewToken newToken(
      S settings,
      TokenHash hash,
      Optional<String> secret,
      User owner,
      Organization organization,
      String description,
      List<Permission> permissions);
}
