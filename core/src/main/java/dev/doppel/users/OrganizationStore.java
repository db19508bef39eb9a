package dev.doppel.users;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.UnaryOperator;

/** Keeps organizations. Promises as for {@link UserStore}. */
public interface OrganizationStore {

  /**
   * Fails with ORGANIZATION_EXISTS if the id or the name is taken, or the kind if it is not
   * ordinary.
   */
  Future<Organization> insert(Organization organization);

  /** Fails with NO_SUCH_ORGANIZATION. */
  Future<Organization> find(OrganizationId id);

  /** Fails with NO_SUCH_ORGANIZATION. Names are compared to the letter. */
  Future<Organization> find(String name);

  /**
   * The one of a kind. Fails with NO_SUCH_ORGANIZATION.
   *
   * @param kind SYSTEM or DEFAULT, of which there is one at most
   */
  Future<Organization> find(Organization.Kind kind);

  /** All organizations, in ascending order of name. */
  Future<List<Organization>> list();

  /**
   * Fails with NO_SUCH_ORGANIZATION, and with ORGANIZATION_EXISTS if the new name is another's. The
   * change may run more than once and must not alter the id.
   */
  Future<Organization> update(OrganizationId id, UnaryOperator<Organization> change);

  /**
   * Removes an organization, and every user's membership in it, and gives it back. The default
   * organization becomes the home of those whose home it was. Fails with NO_SUCH_ORGANIZATION, and
   * with USER_EXISTS if one of them would be shown there by a name that is reserved or another's.
   */
  Future<Organization> delete(OrganizationId id);
}
