package dev.doppel.workspace;

import dev.doppel.dialect.Fault;
import dev.doppel.dialect.Fidelity;

/**
 * Where the documentation and the product disagree, one name each. All are about a token that is
 * refused: the documentation knows no code for one that has expired, and its pages "Change password
 * for specific user account" and "Delete user account permanently" print 4001 where clients have
 * seen 4004.
 *
 * @param expiredToken a token that was good once
 * @param badTokenForAnAccount a token that never was good, or whose owner is inactive or gone,
 *     where a user named in the path is deleted or gets a new password
 * @param expiredTokenForAnAccount the same for a token that was good once
 */
record WorkspaceRules(
    Fault expiredToken, Fault badTokenForAnAccount, Fault expiredTokenForAnAccount) {

  private static final WorkspaceRules DOCUMENTED =
      new WorkspaceRules(
          WorkspaceFaults.INVALID_TOKEN,
          WorkspaceFaults.UNAUTHORIZED,
          WorkspaceFaults.UNAUTHORIZED);

  private static final WorkspaceRules OBSERVED =
      new WorkspaceRules(
          WorkspaceFaults.TOKEN_EXPIRED,
          WorkspaceFaults.INVALID_TOKEN,
          WorkspaceFaults.TOKEN_EXPIRED);

  static WorkspaceRules of(Fidelity fidelity) {
    return switch (fidelity) {
      case DOCUMENTED -> DOCUMENTED;
      case OBSERVED -> OBSERVED;
    };
  }
}
