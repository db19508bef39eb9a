package dev.doppel.integration;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.doppel.Doppel;
import java.security.InvalidKeyException;
import java.util.Locale;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.binary.Base32;

/** An authenticator app, on the clock of a realm. */
final class Totp {

  private Totp() {}

  /** Returns the code of a secret in Base32 now. */
  static String code(Doppel doppel, String secret) {
    var codes = new TimeBasedOneTimePasswordGenerator();
    var key = new SecretKeySpec(new Base32().decode(secret), codes.getAlgorithm());
    try {
      return codes.generateOneTimePasswordString(key, doppel.clock().instant(), Locale.ROOT);
    } catch (InvalidKeyException e) {
      throw new AssertionError(e);
    }
  }
}
