package dev.doppel.users;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Source of random secrets, in the texts that vendors use. */
public final class Secrets {

  private final Consumer<byte[]> random;

  /** Secrets that nobody can guess. */
  public Secrets() {
    this(new SecureRandom()::nextBytes);
  }

  /**
   * @param random fills an array; for recorded answers that must stay the same
   */
  public Secrets(Consumer<byte[]> random) {
    this.random = random;
  }

  public byte[] bytes(int count) {
    var bytes = new byte[count];
    random.accept(bytes);
    return bytes;
  }

  /** Two lower-case hex digits a byte. */
  public String hex(int bytes) {
    return HexFormat.of().formatHex(bytes(bytes));
  }

  /** URL-safe Base64 with padding. */
  public String base64Url(int bytes) {
    return Base64.getUrlEncoder().encodeToString(bytes(bytes));
  }
}
