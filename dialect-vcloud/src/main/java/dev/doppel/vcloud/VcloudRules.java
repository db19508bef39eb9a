package dev.doppel.vcloud;

import dev.doppel.dialect.Fidelity;

/**
 * Where VCD's documentation and the product disagree, by name.
 *
 * @param versionMayBeMissing whether a request that names no version in {@code Accept} gets the
 *     newest, as the page's sample needs; the product answers 406
 * @param ownPasswordByPut whether a user without the right to manage users may replace itself by
 *     the same and another password, as the description of "Update User" says; the product refuses
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
