package dev.doppel.vcloud;

import dev.doppel.users.Organization;
import dev.doppel.users.Organizations;
import io.vertx.core.Future;

/**
 * Names of organizations in requests: at sign-in, in the paths of OAuth, and in the header with the
 * tenant context's name. A name is compared exactly, except that {@code System} in any case is the
 * provider's organization, as the vendor's clients spell it in several ways.
 */
final class VcloudOrganizationNames {

  private VcloudOrganizationNames() {}

  /** Finds an organization by its name in a request. Fails with NO_SUCH_ORGANIZATION. */
  static Future<Organization> find(Organizations organizations, String name) {
    return name.equalsIgnoreCase(Organizations.SYSTEM)
        ? organizations.system()
        : organizations.find(name);
  }
}
