package dev.doppel.workspace;

import dev.doppel.dialect.Difference;

/**
 * The differences between Workspace's documentation and the product: errors for a refused token.
 */
enum WorkspaceDifference implements Difference {
  REFUSED_TOKEN_FOR_AN_ACCOUNT(
      "a refused token on POST /users/{userId}/change-password and DELETE /users/{userId}",
      "4001 Unauthorized",
      "4004 Invalid Token"),
  EXPIRED_TOKEN("an expired token", "4004, and 4001 as above", "4005 Token Expired");

  private final String subject;
  private final String documented;
  private final String observed;

  WorkspaceDifference(String subject, String documented, String observed) {
    this.subject = subject;
    this.documented = documented;
    this.observed = observed;
  }

  @Override
  public Description description() {
    return new Description(WorkspaceApi.NAME, subject, documented, observed);
  }
}
