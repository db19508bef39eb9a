package dev.doppel.workspace;

import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.VendorError;

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
    VendorError expiredToken,
    VendorError badTokenForAnAccount,
    VendorError expiredTokenForAnAccount) {

  private static final WorkspaceRules DOCUMENTED =
      new WorkspaceRules(
          WorkspaceErrors.INVALID_TOKEN,
          WorkspaceErrors.UNAUTHORIZED,
          WorkspaceErrors.UNAUTHORIZED);

  private static final WorkspaceRules OBSERVED =
      new WorkspaceRules(
          WorkspaceErrors.TOKEN_EXPIRED,
          WorkspaceErrors.INVALID_TOKEN,
          WorkspaceErrors.TOKEN_EXPIRED);

  static WorkspaceRules of(Fidelity fidelity) {
    return switch (fidelity) {
      case DOCUMENTED -> DOCUMENTED;
      case OBSERVED -> OBSERVED;
    };
  }
}
