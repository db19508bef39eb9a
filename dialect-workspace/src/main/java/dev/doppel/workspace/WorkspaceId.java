package dev.doppel.workspace;

import dev.doppel.users.Alias;
import dev.doppel.users.Ids;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.Users;
import io.vertx.core.Future;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * Ids in the vendor's form, that of a MongoDB object id: 24 hex digits, the first 8 of which are
 * the time of creation in seconds since 1970. The other 16 are our own id, from which alone that
 * time is taken, so that both conversions are exact for every id.
 */
final class WorkspaceId {

  private static final int SECOND_DIGITS = 8;
  private static final int DIGITS = 24;

  private WorkspaceId() {}

  /** Returns the id of a user: that of its alias if it was imported, else its own. */
  static String of(User user) {
    return user.alias(WorkspaceApi.NAME).orElseGet(() -> of(user.id()));
  }

  static String of(UserId id) {
    return format(id.value());
  }

  /** Returns the id of an organization: that of its alias if it was imported, else its own. */
  static String of(Organization organization) {
    return organization.alias(WorkspaceApi.NAME).orElseGet(() -> format(organization.id().value()));
  }

  /** Returns an id of something that isn't a user or an organization. */
  static String of(long id) {
    return format(id);
  }

  private static String format(long id) {
    var hex = HexFormat.of();
    return hex.toHexDigits((int) Ids.time(id).getEpochSecond()) + hex.toHexDigits(id);
  }

  /** Finds a user by id, in either case of letters. Fails with NO_SUCH_USER. */
  static Future<User> find(Users users, String text) {
    var id = text.toLowerCase(Locale.ROOT);
    return users.find(parse(id), new Alias(WorkspaceApi.NAME, id));
  }

  /** Parses a text that {@link #of(UserId)} returns, in lower case; empty for any other text. */
  static Optional<UserId> parse(String text) {
    return parseLong(text).map(UserId::new);
  }

  /** Parses the id of an organization, in either case of letters; empty for any other text. */
  static Optional<OrganizationId> parseOrganization(String text) {
    return parseLong(text.toLowerCase(Locale.ROOT)).map(OrganizationId::new);
  }

  private static Optional<Long> parseLong(String text) {
    return Optional.of(text)
        .filter(digits -> digits.length() == DIGITS)
        .flatMap(digits -> UserId.parse(digits.substring(SECOND_DIGITS)))
        .map(UserId::value)
        .filter(id -> format(id).equals(text));
  }
}
