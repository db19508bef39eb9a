package dev.doppel.workspace;

import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.Page;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserField;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import java.util.List;

/**
 * The roles of a workspace's collaborators. The owner and the administrators of a workspace are its
 * owners in every dialect, all others are its members; which of these roles an owner or a member
 * has is known to this dialect alone.
 */
final class WorkspaceRole {

  static final String OWNER = "owner";
  static final String ADMIN = "admin";

  /** The role of a member who joined through another dialect. */
  static final String VIEWER = "viewer";

  static final String UNASSIGNED = "unassigned";
  static final List<String> ALL = List.of(OWNER, ADMIN, "editor", VIEWER, UNASSIGNED);

  private WorkspaceRole() {}

  /** Returns the membership, in every dialect, of a collaborator with a role. */
  static Membership membership(String role) {
    return role.equals(OWNER) || role.equals(ADMIN) ? Membership.OWNER : Membership.MEMBER;
  }

  /** Returns the role of a user in an organization that the user belongs to. */
  static String of(User user, Organization organization) {
    var stored = WorkspaceProfile.of(user).collaboratorRole(organization);
    return user.memberships().get(organization.id()) == Membership.OWNER
        ? stored.filter(ADMIN::equals).orElse(OWNER)
        : stored.filter(role -> !role.equals(ADMIN)).orElse(VIEWER);
  }

  /** Returns a filter for the users whose {@linkplain #of role} in an organization is this one. */
  static UserFilter filter(String role, Organization organization) {
    var stored = WorkspaceProfile.role(organization);
    var owns = new UserFilter.Owns(organization.id());
    var isAdmin = new UserFilter.Is(stored, ADMIN);
    return switch (role) {
      case OWNER -> new UserFilter.All(List.of(owns, new UserFilter.Not(isAdmin)));
      case ADMIN -> new UserFilter.All(List.of(owns, isAdmin));
      case VIEWER ->
          new UserFilter.All(
              List.of(
                  new UserFilter.Not(owns),
                  new UserFilter.Any(
                      List.of(
                          isAdmin,
                          new UserFilter.Is(new UserField.Defaulted(stored, VIEWER), VIEWER)))));
      default ->
          new UserFilter.All(List.of(new UserFilter.Not(owns), new UserFilter.Is(stored, role)));
    };
  }

  /** Returns the users whose role in an organization is {@link #OWNER}. */
  static Future<List<User>> owners(Realm now, Organization organization) {
    return now.users()
        .list(UserQuery.first(Integer.MAX_VALUE).matching(filter(OWNER, organization)))
        .map(Page::items);
  }
}
