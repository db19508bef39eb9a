package dev.doppel.workspace;

import dev.doppel.users.TokenHash;
import java.time.Instant;
import java.util.List;

/**
 * An invitation to an organization. Immutable.
 *
 * @param email the invited address, in lower case
 * @param role the role that the collaborator will have
 * @param createdBy id of the user who invited
 * @param updated when it was sent last
 * @param sentBy id of the user who sent it last
 * @param token hash of the secret that the latest mail carries
 */
record WorkspaceInvitation(
    String id,
    String email,
    String role,
    List<String> tags,
    String createdBy,
    Instant created,
    Instant updated,
    String sentBy,
    TokenHash token) {

  WorkspaceInvitation {
    tags = List.copyOf(tags);
  }

  /** Returns this invitation as it is sent again. */
  WorkspaceInvitation sentAgain(Instant now, String by, TokenHash token) {
    return new WorkspaceInvitation(id, email, role, tags, createdBy, created, now, by, token);
  }

  /** Returns this invitation with another role and tags. */
  WorkspaceInvitation with(String role, List<String> tags) {
    return new WorkspaceInvitation(
        id, email, role, tags, createdBy, created, updated, sentBy, token);
  }

  /** Returns whether the latest mail carries this secret, and is recent enough. */
  boolean isAcceptedBy(TokenHash secret, Instant now) {
    return token.equals(secret) && now.isBefore(updated.plus(WorkspaceMails.INVITATION_LIFETIME));
  }
}
