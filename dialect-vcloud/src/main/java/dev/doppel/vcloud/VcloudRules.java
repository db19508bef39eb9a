package dev.doppel.vcloud;

import dev.doppel.dialect.Fidelity;

/**
 * Where VCD's documentation and the product disagree, by name.
 *
 * @param versionMayBeMissing whether a request that names no version in {@code Accept} gets the
 *     newest, as the page's sample needs; the product answers 406
 */
record VcloudRules(boolean versionMayBeMissing) {

  private static final VcloudRules DOCUMENTED = new VcloudRules(true);
  private static final VcloudRules OBSERVED = new VcloudRules(false);

  static VcloudRules of(Fidelity fidelity) {
    return switch (fidelity) {
      case DOCUMENTED -> DOCUMENTED;
      case OBSERVED -> OBSERVED;
    };
  }
}
