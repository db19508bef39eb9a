package dev.doppel.vcloud;

import dev.doppel.dialect.Difference;

/** The differences between VCD's documentation and the product. */
enum VcloudDifference implements Difference {
  MISSING_VERSION(
      "a request without a version in Accept", "the newest, as the page's sample requires", "406"),
  OWN_PASSWORD_BY_PUT(
      "PUT of the caller's own account without the right to manage users",
      "another password is accepted, if nothing else changes",
      "403");

  private final String subject;
  private final String documented;
  private final String observed;

  VcloudDifference(String subject, String documented, String observed) {
    this.subject = subject;
    this.documented = documented;
    this.observed = observed;
  }

  @Override
  public Description description() {
    return new Description(VcloudApi.NAME, subject, documented, observed);
  }
}
