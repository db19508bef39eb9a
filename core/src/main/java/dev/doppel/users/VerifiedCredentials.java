package dev.doppel.users;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers for a while that a password was checked in full, for clients that send it with every
 * request. What is kept is a keyed hash of the password together with the salted hash it was
 * checked against, good for one version of the user: any change of the user ends it, and so does a
 * user who comes to have the same id and version with another password (made again, or gone back to
 * a snapshot). The key is drawn at start and never leaves this object.
 */
final class VerifiedCredentials {

  private static final String ALGORITHM = "HmacSHA256";
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final int MOST = 100_000;

  private static final class Verified {
    final long version;
    final byte[] mac;

    Verified(long version, byte[] mac) {
      this.version = version;
      this.mac = mac;
    }
  }

  private final Mac mac;
  private final Cache<UserId, Verified> verified =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LIFE).build();

  VerifiedCredentials() {
    var key = new byte[32];
    new SecureRandom().nextBytes(key);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  void remember(User user, Password password) {
    verified.put(user.id(), new Verified(user.version(), mac(user, password)));
  }

  boolean holds(User user, Password password) {
    var known = verified.getIfPresent(user.id());
    return known != null
        && known.version == user.version()
        && MessageDigest.isEqual(known.mac, mac(user, password));
  }

  private byte[] mac(User user, Password password) {
    var mac = keyed();
    user.password().ifPresent(hash -> mac.update(hash.encoded().getBytes(StandardCharsets.UTF_8)));
    mac.update((byte) 0);
    return mac.doFinal(password.utf8());
  }

  /** A copy, which costs less than looking the algorithm up and giving it the key. */
  private Mac keyed() {
    try {
      return (Mac) mac.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's own " + ALGORITHM + " can be copied", e);
    }
  }
}
