package dev.doppel.dialect;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.Optional;

/**
 * A range of IP addresses with the same leading bits. IPv4-mapped IPv6 addresses ({@code
 * ::ffff:10.0.0.1}) count as IPv4. Immutable.
 */
public final class AddressBlock {

  private static final int IPV4_BYTES = 4;
  private static final int MAPPED_PREFIX = 12;

  private final byte[] address;
  private final int bits;

  private AddressBlock(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /**
   * Parses {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static AddressBlock parse(String text) {
    var slash = text.indexOf('/');
    var address = bytes(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      throw new IllegalArgumentException("not an IP address");
    }
    var all = address.get().length * Byte.SIZE;
    if (slash < 0) {
      return new AddressBlock(address.get(), all);
    }
    var length = text.substring(slash + 1);
    if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > all) {
      throw new IllegalArgumentException("not a number of bits, up to " + all);
    }
    return new AddressBlock(address.get(), Integer.parseInt(length));
  }

  /** Returns the 4 or 16 bytes of an IP address; empty if the text is none. */
  static Optional<byte[]> bytes(String address) {
    var bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null) {
      return Optional.empty();
    }
    return Optional.of(
        isMapped(bytes) ? Arrays.copyOfRange(bytes, MAPPED_PREFIX, bytes.length) : bytes);
  }

  private static boolean isMapped(byte[] bytes) {
    if (bytes.length == IPV4_BYTES || bytes[10] != -1 || bytes[11] != -1) {
      return false;
    }
    for (int i = 0; i < MAPPED_PREFIX - 2; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether an address is in this range.
   *
   * @param other 4 or 16 bytes
   */
  boolean contains(byte[] other) {
    if (other.length != address.length) {
      return false;
    }
    var whole = bits / Byte.SIZE;
    var rest = Byte.SIZE - bits % Byte.SIZE;
    return Arrays.equals(address, 0, whole, other, 0, whole)
        && (rest == Byte.SIZE || (address[whole] ^ other[whole]) >> rest == 0);
  }

  @Override
  public String toString() {
    return NetUtil.bytesToIpAddress(address) + "/" + bits;
  }
}
