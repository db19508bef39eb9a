package dev.doppel.milvus;

import dev.doppel.dialect.Difference;

/** The differences between Milvus's documentation and its open-source server. */
enum MilvusDifference implements Difference {
  USER_NAME("user name", "letters, digits, _", "also . and - (not with --emulate milvus=2.5)"),
  PASSWORD("password", "8 to 64 characters, three of four classes", "6 to 72 bytes, no classes"),
  UPDATE_WITHOUT_PASSWORDS(
      "update_password without passwords",
      "both are required, unless a description is given",
      "code 1100 (not with --emulate milvus=2.5)"),
  NUMBER_OF_USERS("number of users", "no limit", "100"),
  NUMBER_OF_ROLES("number of roles", "no limit", "10"),
  ROLES_OF_ROOT("roles of root before any is granted", "admin", "none"),
  LIST_OF_GROUPS(
      "privilege_groups/list",
      "a list of groups with lists of privileges, as the page shows",
      "an object, privileges joined by commas");

  private final String subject;
  private final String documented;
  private final String observed;

  MilvusDifference(String subject, String documented, String observed) {
    this.subject = subject;
    this.documented = documented;
    this.observed = observed;
  }

  @Override
  public Description description() {
    return new Description(MilvusExtras.DIALECT, subject, documented, observed);
  }
}
