package dev.doppel.vcloud;

import dev.doppel.dialect.Fidelity;

/**
 * The differences between VCD's documentation and the product.
 *
 * @param versionMayBeMissing whether a request without a version in {@code Accept} gets the newest,
 *     as the sample on the page needs; the product responds with 406
 * @param ownPasswordByPut whether a user without the right to manage users may update itself if
 *     only the password changes, as the description of "Update User" says; the product rejects it
 */
record VcloudRules(boolean versionMayBeMissing, boolean ownPasswordByPut) {

  private static final VcloudRules DOCUMENTED = new VcloudRules(true, true);
  private static final VcloudRules OBSERVED = new VcloudRules(false, false);

  static VcloudRules of(Fidelity fidelity) {
    return switch (fidelity) {
      case DOCUMENTED -> DOCUMENTED;
      case OBSERVED -> OBSERVED;
    };
  }
}
