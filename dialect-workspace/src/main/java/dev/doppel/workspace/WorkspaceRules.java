package dev.doppel.workspace;

import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.VendorError;

/**
 * The differences between the documentation and the product. All are errors for a refused token:
 * the documentation has no code for an expired one, and its pages "Change password for specific
 * user account" and "Delete user account permanently" print 4001 where clients have seen 4004.
 *
 * @param expiredToken error for an expired token
 * @param badTokenForAnAccount error for a token that is unknown, or whose owner is inactive or
 *     deleted, where the user in the path is deleted or gets a new password
 * @param expiredTokenForAnAccount error for an expired token there
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
