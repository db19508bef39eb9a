package dev.doppel.users;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.UnaryOperator;

/** Stores organizations, with the guarantees of {@link UserStore}. */
public interface OrganizationStore {

  /**
   * Stores a new organization. Fails with ORGANIZATION_EXISTS if the id or the name is taken, or if
   * there is one of the same kind other than ORDINARY.
   */
  Future<Organization> insert(Organization organization);

  /** Returns the organization with this id. Fails with NO_SUCH_ORGANIZATION. */
  Future<Organization> find(OrganizationId id);

  /** Returns the organization with exactly this name. Fails with NO_SUCH_ORGANIZATION. */
  Future<Organization> find(String name);

  /**
   * Returns the organization of this kind. Fails with NO_SUCH_ORGANIZATION.
   *
   * @param kind SYSTEM or DEFAULT
   */
  Future<Organization> find(Organization.Kind kind);

  /** Returns all organizations, in ascending order of name. */
  Future<List<Organization>> list();

  /**
   * Changes an organization. Fails with NO_SUCH_ORGANIZATION, and with ORGANIZATION_EXISTS if the
   * new name is taken.
   *
   * @param change may be called more than once, and must not change the id
   */
  Future<Organization> update(OrganizationId id, UnaryOperator<Organization> change);

  /**
   * Deletes an organization and all memberships in it, and returns it. Users whose home it was get
   * the default organization as their home. Fails with NO_SUCH_ORGANIZATION, and with USER_EXISTS
   * if such a user would be shown there under a reserved name or under another user's.
   */
  Future<Organization> delete(OrganizationId id);
}
