package dev.doppel.workspace;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Realm;
import dev.doppel.workspace.WorkspaceWire.OrganizationView;
import io.vertx.core.Future;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The slugs of organizations: that of the name, as {@link Organization#slug} forms it, unless
 * another was chosen through this dialect.
 */
final class WorkspaceSlugs {

  private static final Pattern SLUG = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9-]+[a-zA-Z0-9]");
  private static final int MAX_LENGTH = 128;

  private WorkspaceSlugs() {}

  /** Returns whether the slug of an organization is that of its name. */
  static boolean isOfName(Organization organization) {
    return WorkspaceOrganizationProfile.of(organization).slug().isEmpty();
  }

  /**
   * Checks the form of a slug in a path.
   *
   * @throws dev.doppel.dialect.VendorErrorException the vendor's 3000
   */
  static void requireValid(String slug) {
    requireValid(slug, "params");
  }

  private static void requireValid(String slug, String location) {
    if (slug.length() > MAX_LENGTH) {
      throw newInvalidException(
          location,
          "\"slug\" length must be less than or equal to " + MAX_LENGTH + " characters long",
          "string.max");
    }
    if (!SLUG.matcher(slug).matches()) {
      throw newInvalidException(
          location,
          "\"slug\" with value \"" + slug + "\" fails to match the required pattern",
          "string.regex.base");
    }
  }

  private static RuntimeException newInvalidException(
      String location, String message, String type) {
    return WorkspaceErrors.invalid(
            List.of(new InvalidField(List.of("slug"), location, List.of(message), List.of(type))))
        .newException(Reason.INVALID_VALUE);
  }

  /**
   * Returns whether an organization can have a slug: whether no other one has it, it isn't that of
   * a name that is reserved, and it doesn't look like an id.
   *
   * @param id of the organization, which need not exist yet
   */
  static Future<Boolean> isFree(Realm now, String slug, OrganizationId id) {
    return now.organizations()
        .isNameFree(slug, id)
        .compose(
            free ->
                now.organizations()
                    .list()
                    .map(
                        all ->
                            free
                                && WorkspaceId.parseOrganization(slug).isEmpty()
                                && all.stream()
                                    .filter(other -> !other.id().equals(id))
                                    .noneMatch(
                                        other ->
                                            OrganizationView.slug(other).equalsIgnoreCase(slug))));
  }

  /** Fails with the vendor's 3000 for a malformed slug, and with ORGANIZATION_EXISTS. */
  static Future<Void> requireFree(Realm now, String slug, OrganizationId id) {
    requireValid(slug, "body");
    return isFree(now, slug, id)
        .compose(
            free ->
                free
                    ? Future.succeededFuture()
                    : Future.failedFuture(Failure.of(Reason.ORGANIZATION_EXISTS, slug)));
  }
}
