package dev.doppel.workspace;

import dev.doppel.users.Organization;
import dev.doppel.users.User;
import java.util.List;
import java.util.stream.Stream;

/**
 * The permissions on an organization, and who has them. The vendor's pages name those to list and
 * to create organizations, and those to list segments, providers and collaborators; the other names
 * are formed like these.
 */
final class WorkspacePermissions {

  /** The permissions of every collaborator. */
  private static final List<String> OF_COLLABORATORS =
      List.of(
          "base.organization.management.list",
          "base.organization.management.get",
          "base.organization.management.checkSlug",
          "base.organization.segment.list",
          "base.organization.segmentRole.list",
          "base.people.organizationCollaborator.list",
          "base.people.organizationCollaborator.listGroups");

  /** What the administrators of an organization may do besides. */
  private static final List<String> OF_ADMINISTRATORS =
      List.of(
          "base.organization.management.update",
          "base.organization.loginProvider.list",
          "base.organization.serviceAccount.list",
          "base.organization.serviceAccount.create",
          "base.organization.serviceAccount.update",
          "base.organization.serviceAccount.remove",
          "base.people.organizationCollaborator.create",
          "base.people.organizationCollaborator.update",
          "base.people.organizationCollaborator.remove",
          "base.people.organizationCollaborator.invitations",
          "base.people.oem.create");

  private static final List<String> OF_OWNERS =
      List.of("base.organization.management.remove", "base.organization.management.ownerChange");

  private static final List<String> OF_THE_PLATFORM =
      List.of("base.organization.management.create");

  private WorkspacePermissions() {}

  /**
   * Returns the permissions of a user on an organization that the user sees. No one but the
   * platform's administrators may change the organizations that are not ordinary.
   */
  static List<String> of(User user, Organization organization) {
    var ofPlatform = user.administrator();
    var administers = WorkspaceOrganizations.manages(user, organization);
    var ordinary = ofPlatform || organization.kind() == Organization.Kind.ORDINARY;
    var owns =
        administers
            && (ofPlatform || WorkspaceRole.of(user, organization).equals(WorkspaceRole.OWNER));
    return Stream.of(
            OF_COLLABORATORS.stream(),
            OF_ADMINISTRATORS.stream()
                .filter(one -> administers && (ordinary || !one.endsWith("management.update"))),
            OF_OWNERS.stream()
                .filter(one -> owns && (ordinary || !one.endsWith("management.remove"))),
            OF_THE_PLATFORM.stream().filter(one -> ofPlatform))
        .flatMap(all -> all)
        .toList();
  }
}
