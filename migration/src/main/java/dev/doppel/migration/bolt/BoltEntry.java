package dev.doppel.migration.bolt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A key of a bucket with its value or nested bucket. Not printed by {@link #toString}, since values
 * may be secrets. The arrays are not copied; don't change them.
 */
public final class BoltEntry {

  private final byte[] key;
  private final byte[] value;
  private final Optional<BoltBucket> bucket;

  private BoltEntry(byte[] key, byte[] value, Optional<BoltBucket> bucket) {
    this.key = key;
    this.value = value;
    this.bucket = bucket;
  }

  /** Returns an entry with a value. */
  public static BoltEntry of(byte[] key, byte[] value) {
    return new BoltEntry(key, value, Optional.empty());
  }

  /** Returns an entry with a value; the key in UTF-8. */
  public static BoltEntry of(String key, byte[] value) {
    return of(key.getBytes(StandardCharsets.UTF_8), value);
  }

  static BoltEntry of(byte[] key, BoltBucket bucket) {
    return new BoltEntry(key, new byte[0], Optional.of(bucket));
  }

  public byte[] key() {
    return key;
  }

  /** Returns the value; empty for a nested bucket. */
  public byte[] value() {
    return value;
  }

  /** Returns the nested bucket; empty for an entry with a value. */
  public Optional<BoltBucket> bucket() {
    return bucket;
  }

  /** Returns the key as text, for keys that are known to be UTF-8. */
  public String keyText() {
    return new String(key, StandardCharsets.UTF_8);
  }

  /** Compares keys as bbolt does: as unsigned bytes. */
  static int compare(byte[] one, byte[] other) {
    return Arrays.compareUnsigned(one, other);
  }

  @Override
  public String toString() {
    return "BoltEntry[hidden]";
  }
}
