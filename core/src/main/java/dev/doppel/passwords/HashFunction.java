package dev.doppel.passwords;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A cryptographic hash function. */
enum HashFunction {
  MD5("MD5", 16),
  SHA1("SHA-1", 20),
  SHA224("SHA-224", 28),
  SHA256("SHA-256", 32),
  SHA384("SHA-384", 48),
  SHA512("SHA-512", 64);

  private final String standardName;
  private final int length;

  HashFunction(String standardName, int length) {
    this.standardName = standardName;
    this.length = length;
  }

  /**
   * Returns the function of this name.
   *
   * @param name such as {@code sha256}, in any case
   * @throws UnsupportedHashException if there is none
   */
  static HashFunction named(String name) {
    try {
      return valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new UnsupportedHashException(
          "hash function is not known; md5, sha1, sha224, sha256, sha384 and sha512 are");
    }
  }

  /** Returns the length of a digest in bytes. */
  int length() {
    return length;
  }

  /**
   * Checks the length of a digest.
   *
   * @throws UnsupportedHashException if digests of this function have another length
   */
  void requireLength(int bytes) {
    if (bytes != length) {
      throw new UnsupportedHashException(
          "%s digest has %s bytes, not %s".formatted(standardName, bytes, length));
    }
  }

  /** Returns the digest of the concatenated parts. */
  byte[] digest(byte[]... parts) {
    try {
      var digest = MessageDigest.getInstance(standardName);
      for (var part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + standardName, e);
    }
  }

  /** Returns the message authentication code of a message. */
  byte[] hmac(byte[] message, byte[] key) {
    var algorithm = "Hmac" + name();
    try {
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
