package dev.doppel.workspace;

import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
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
 * the second of creation. The other 16 are our own id, from which alone that second is taken; so
 * both ways are exact, also for an id that somebody chose.
 */
final class WorkspaceId {

  private static final int SECOND_DIGITS = 8;
  private static final int DIGITS = 24;

  private WorkspaceId() {}

  /** An imported user keeps the id it came with. */
  static String of(User user) {
    return user.alias(WorkspaceApi.NAME).orElseGet(() -> of(user.id()));
  }

  static String of(UserId id) {
    return text(id.value());
  }

  /** An imported organization keeps the id it came with. */
  static String of(Organization organization) {
    return organization.alias(WorkspaceApi.NAME).orElseGet(() -> text(organization.id().value()));
  }

  private static String text(long id) {
    var hex = HexFormat.of();
    return hex.toHexDigits((int) Ids.time(id).getEpochSecond()) + hex.toHexDigits(id);
  }

  /** The user whose id reads so, in either case of letters; or NO_SUCH_USER. */
  static Future<User> find(Users users, String text) {
    var id = text.toLowerCase(Locale.ROOT);
    var imported = new Alias(WorkspaceApi.NAME, id);
    return parse(id)
        .map(
            own ->
                users
                    .find(own)
                    .recover(
                        thrown ->
                            Failure.from(thrown).reason() == Reason.NO_SUCH_USER
                                ? users.find(imported)
                                : Future.failedFuture(thrown)))
        .orElseGet(() -> users.find(imported));
  }

  /** Our own id in a text that {@link #of(User)} could have given; empty for any other. */
  static Optional<UserId> parse(String text) {
    return own(text).map(UserId::new);
  }

  /** As {@link #parse}, for an organisation. */
  static Optional<OrganizationId> parseOrganization(String text) {
    return own(text.toLowerCase(Locale.ROOT)).map(OrganizationId::new);
  }

  private static Optional<Long> own(String text) {
    return Optional.of(text)
        .filter(digits -> digits.length() == DIGITS)
        .flatMap(digits -> UserId.parse(digits.substring(SECOND_DIGITS)))
        .map(UserId::value)
        .filter(id -> text(id).equals(text));
  }
}
