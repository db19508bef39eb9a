package dev.doppel.gateway.realm;

import dev.doppel.Seed;
import dev.doppel.Seed.SeededToken;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A salted digest of the whole content of a seed, to recognize the same seed. */
final class SeedDigest {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final MessageDigest digest;

  private SeedDigest(MessageDigest digest) {
    this.digest = digest;
  }

  /** Returns a random salt of 32 hexadecimal digits. */
  static String newSalt() {
    var salt = new byte[16];
    RANDOM.nextBytes(salt);
    return HexFormat.of().formatHex(salt);
  }

  /** Returns the SHA-256 digest as 64 hexadecimal digits. */
  static String of(Seed seed, String salt) {
    try {
      var digest = new SeedDigest(MessageDigest.getInstance("SHA-256"));
      digest.add(salt);
      digest.add(seed);
      return HexFormat.of().formatHex(digest.digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private void add(Seed seed) {
    for (var one : seed.organizations()) {
      add("organization", one.name(), one.description(), one.id(), new TreeMap<>(one.aliases()));
    }
    for (var one : seed.roles()) {
      add("role", one.name(), one.description(), new TreeMap<>(one.extras()));
    }
    for (var one : seed.users()) {
      add("user", one.name(), one.id(), one.password(), one.passwordHash(), one.status());
      add(one.email(), one.fullName(), new TreeSet<>(one.roles()));
      add(new TreeMap<>(one.organizations()), new TreeMap<>(one.aliases()));
      one.tokens().forEach(this::add);
    }
  }

  private void add(SeededToken one) {
    add("token", one.token(), one.tokenHash(), one.description(), one.permissions());
    add(one.organization(), one.status(), one.expires());
  }

  /** Adds each value with its length, so that different lists have different bytes. */
  private void add(@Nullable Object... values) {
    for (var value : values) {
      var bytes = String.valueOf(value).getBytes(StandardCharsets.UTF_8);
      digest.update(String.valueOf(bytes.length).getBytes(StandardCharsets.UTF_8));
      digest.update((byte) ':');
      digest.update(bytes);
    }
  }
}
