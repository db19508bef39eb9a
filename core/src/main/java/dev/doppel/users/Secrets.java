package dev.doppel.users;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Generator of random secrets, in the encodings that vendors use. Thread-safe. */
public final class Secrets {

  private final Consumer<byte[]> random;

  /** Creates a generator of cryptographically strong secrets. */
  public Secrets() {
    this(new SecureRandom()::nextBytes);
  }

  /**
   * Creates a generator with a given source, so that recorded answers can be reproduced.
   *
   * @param random fills an array
   */
  public Secrets(Consumer<byte[]> random) {
    this.random = random;
  }

  public byte[] bytes(int count) {
    var bytes = new byte[count];
    random.accept(bytes);
    return bytes;
  }

  /** Returns a secret of so many bytes as lower-case hex digits. */
  public String hex(int bytes) {
    return HexFormat.of().formatHex(bytes(bytes));
  }

  /** Returns a secret of so many bytes as URL-safe Base64 with padding. */
  public String base64Url(int bytes) {
    return Base64.getUrlEncoder().encodeToString(bytes(bytes));
  }
}
