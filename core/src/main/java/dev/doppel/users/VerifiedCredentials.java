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
 * A cache of verified passwords, for clients that send the password with every request.
 * Thread-safe.
 *
 * <p>An entry is a keyed hash (HMAC) of the password and of the salted hash against which it was
 * verified, for one version of the user. Any change of the user invalidates it. So does another
 * password hash for a user with the same id and version, after the user has been created again or a
 * snapshot restored. The key is random for each instance and never leaves it.
 */
final class VerifiedCredentials {

  private static final String ALGORITHM = "HmacSHA256";
  private static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);
  private static final int MAX_ENTRIES = 100_000;

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
      Caffeine.newBuilder().maximumSize(MAX_ENTRIES).expireAfterWrite(TIME_TO_LIVE).build();

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

  void add(User user, Password password) {
    verified.put(user.id(), new Verified(user.version(), mac(user, password)));
  }

  boolean contains(User user, Password password) {
    var entry = verified.getIfPresent(user.id());
    return entry != null
        && entry.version == user.version()
        && MessageDigest.isEqual(entry.mac, mac(user, password));
  }

  /** Keeps what was verified of a user through a change that can't have changed the password. */
  void carryOver(User before, User after) {
    if (after.version() == before.version() + 1 && after.password().equals(before.password())) {
      verified
          .asMap()
          .computeIfPresent(
              after.id(),
              (id, entry) ->
                  entry.version == before.version()
                      ? new Verified(after.version(), entry.mac)
                      : entry);
    }
  }

  private byte[] mac(User user, Password password) {
    var mac = keyed();
    user.password().ifPresent(hash -> mac.update(hash.encoded().getBytes(StandardCharsets.UTF_8)));
    mac.update((byte) 0);
    return mac.doFinal(password.utf8());
  }

  /** Copying costs less than looking up the algorithm and initializing it with the key. */
  private Mac keyed() {
    try {
      return (Mac) mac.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's own " + ALGORITHM + " can be copied", e);
    }
  }
}
