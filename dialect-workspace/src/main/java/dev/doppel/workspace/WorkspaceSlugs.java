package dev.doppel.workspace;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Realm;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The slugs of organizations: that of the name, as {@link Organization#slug} forms it, unless
 * another was chosen through this dialect. Other dialects, which know no chosen slugs, may give an
 * organization a name whose slug another one chose.
 */
final class WorkspaceSlugs {

  private static final Pattern SLUG = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9-]+[a-zA-Z0-9]");
  private static final int MAX_LENGTH = 128;

  private WorkspaceSlugs() {}

  /** A part of paths that stands where slugs do. */
  private static final String RESERVED = "check-slug";

  /**
   * Orders organizations with the same slug, the one that it leads to first: the system or the
   * default organization, then one whose plain ASCII name has the slug, then one for which it was
   * chosen, so that no owner takes the slug of another's name, then the one created first.
   */
  static final Comparator<Organization> PRECEDENCE =
      Comparator.comparing(Organization::kind)
          .thenComparing(one -> !(isOfName(one) && one.isNamedInAscii()))
          .thenComparing(WorkspaceSlugs::isOfName)
          .thenComparing(Organization::created)
          .thenComparing(one -> one.id().toString());

  private static boolean isOfName(Organization organization) {
    return chosen(organization).isEmpty();
  }

  private static Optional<String> chosen(Organization organization) {
    return WorkspaceOrganizationProfile.of(organization).slug();
  }

  /**
   * Returns the slug that was chosen, or else that of the name; the id if there is none or one that
   * means something else in a path.
   */
  static String of(Organization organization) {
    return chosen(organization)
        .or(organization::slug)
        .filter(WorkspaceSlugs::isUsable)
        .orElseGet(() -> WorkspaceId.of(organization));
  }

  private static boolean isUsable(String slug) {
    return WorkspaceId.parseOrganization(slug).isEmpty() && !slug.equalsIgnoreCase(RESERVED);
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
   * a name that is reserved, and it means nothing else in a path, as an id does.
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
                                && isUsable(slug)
                                && all.stream()
                                    .filter(other -> !other.id().equals(id))
                                    .noneMatch(other -> of(other).equalsIgnoreCase(slug))));
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

  /**
   * Fails with ORGANIZATION_EXISTS if the organization has the slug of its name and the same one
   * was chosen for another.
   */
  static Future<Void> requireNotChosen(Realm now, Organization named) {
    if (!isOfName(named)) {
      return Future.succeededFuture();
    }
    return now.organizations()
        .list()
        .compose(
            all ->
                all.stream()
                        .filter(other -> !other.id().equals(named.id()))
                        .flatMap(other -> chosen(other).stream())
                        .anyMatch(slug -> named.slug().filter(slug::equalsIgnoreCase).isPresent())
                    ? Future.failedFuture(Failure.of(Reason.ORGANIZATION_EXISTS, named.name()))
                    : Future.succeededFuture());
  }
}
