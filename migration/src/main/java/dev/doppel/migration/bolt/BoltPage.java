package dev.doppel.migration.bolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A page with its overflow, of a tree: header, elements, keys and values. Every access is checked
 * against the bounds of the page. Immutable.
 */
final class BoltPage {

  static final int HEADER = 16;
  static final int ELEMENT = 16;
  static final int BRANCH = 1;
  static final int LEAF = 2;
  static final int META = 4;
  static final int FREELIST = 16;

  /** Key sizes above that are refused by bbolt ({@code bucket.go}, {@code MaxKeySize}). */
  static final int MAX_KEY = 32_768;

  private final ByteBuffer bytes;
  private final long id;
  private final boolean inline;
  private final int kind;
  private final int count;
  private final long overflow;

  private BoltPage(ByteBuffer bytes, long id, boolean inline) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.id = id;
    this.inline = inline;
    this.kind = Short.toUnsignedInt(bytes.getShort(8));
    this.count = Short.toUnsignedInt(bytes.getShort(10));
    this.overflow = Integer.toUnsignedLong(bytes.getInt(12));
    if (bytes.getLong(0) != id) {
      throw new BoltException(
          "page %s has the number of another page: the file was copied while a server wrote to it; take a backup, or stop the server first"
              .formatted(id));
    }
    if (kind != LEAF && (inline || kind != BRANCH)) {
      throw new BoltException(
          "page %s is of kind %s, which doesn't belong here; the file is damaged or was copied while a server wrote to it"
              .formatted(id, kind));
    }
    if (!inline && kind == BRANCH && count == 0) {
      throw new BoltException("page %s has no children; the file is damaged".formatted(id));
    }
    if (HEADER + (long) ELEMENT * count > bytes.capacity()) {
      throw beyond();
    }
  }

  /** Parses a page that was read with its overflow. */
  static BoltPage of(ByteBuffer bytes, long id) {
    return new BoltPage(bytes, id, false);
  }

  /** Parses a page in the value of a bucket, which always has number 0 and no overflow. */
  static BoltPage inline(byte[] value, int offset) {
    if (value.length - offset < HEADER) {
      throw new BoltException("a bucket is cut off; the file is damaged");
    }
    return new BoltPage(ByteBuffer.wrap(value, offset, value.length - offset).slice(), 0, true);
  }

  long id() {
    return id;
  }

  /** Returns the bytes of the page with its overflow. */
  int size() {
    return bytes.capacity();
  }

  boolean isInline() {
    return inline;
  }

  boolean isLeaf() {
    return kind == LEAF;
  }

  int count() {
    return count;
  }

  /** Returns the number of pages after this one that belong to it. */
  long overflow() {
    return inline ? 0 : overflow;
  }

  /** Returns the number of the page below a branch element. */
  long child(int index) {
    return bytes.getLong(start(index) + 8);
  }

  /** Returns whether the value of a leaf element is a bucket. */
  boolean isBucket(int index) {
    return (bytes.getInt(start(index)) & 1) != 0;
  }

  byte[] key(int index) {
    var start = start(index);
    var position = isLeaf() ? 4 : 0;
    var size = Integer.toUnsignedLong(bytes.getInt(start + position + 4));
    if (size > MAX_KEY) {
      throw new BoltException(
          "page %s has a key of %s bytes, at most %s are allowed; the file is damaged"
              .formatted(id, size, MAX_KEY));
    }
    return slice(start + Integer.toUnsignedLong(bytes.getInt(start + position)), size);
  }

  /** Returns the value of a leaf element. */
  byte[] value(int index) {
    var start = start(index);
    var keySize = Integer.toUnsignedLong(bytes.getInt(start + 8));
    var size = Integer.toUnsignedLong(bytes.getInt(start + 12));
    return slice(start + Integer.toUnsignedLong(bytes.getInt(start + 4)) + keySize, size);
  }

  /** Returns the index of the first key that is not less than the given one. */
  int indexOf(byte[] key) {
    int low = 0;
    int high = count;
    while (low < high) {
      var middle = (low + high) >>> 1;
      if (BoltEntry.compare(key(middle), key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static int start(int index) {
    return HEADER + ELEMENT * index;
  }

  private byte[] slice(long from, long size) {
    if (from < HEADER + (long) ELEMENT * count || size > bytes.capacity() - from) {
      throw beyond();
    }
    var result = new byte[(int) size];
    bytes.get((int) from, result);
    return result;
  }

  private BoltException beyond() {
    return new BoltException(
        "page %s has an element outside of its bounds; the file is damaged".formatted(id));
  }
}
