package dev.doppel.migration.bolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What a meta page says ({@code meta.go}). Immutable.
 *
 * @param pageSize bytes
 * @param root page of the root bucket
 * @param freelist page of the list of free pages; -1 if there is none
 * @param pages number of pages in use, free ones included
 * @param transaction number of the change that wrote the page, unsigned
 */
record BoltMeta(
    int pageSize, long root, long rootSequence, long freelist, long pages, long transaction) {

  private static final int MAGIC = 0xED0CDAED;
  private static final int VERSION = 2;
  private static final int START = BoltPage.HEADER;
  private static final int CHECKSUM = 72;

  /** Bytes of a meta page that are used. */
  static final int END = 80;

  /** Pages that can be counted in 32 bits; at 4 KiB, of 8 TiB. */
  private static final long MAX_PAGES = Integer.MAX_VALUE - 8L;

  /** Parses the beginning of a page; returns empty if it isn't a valid meta page. */
  static Optional<BoltMeta> parse(ByteBuffer page) {
    if (page.limit() < END
        || page.getInt(16) != MAGIC
        || page.getInt(20) != VERSION
        || page.getLong(CHECKSUM) != checksum(page)) {
      return Optional.empty();
    }
    var meta =
        new BoltMeta(
            page.getInt(24),
            page.getLong(32),
            page.getLong(40),
            page.getLong(48),
            page.getLong(56),
            page.getLong(64));
    return Optional.of(meta).filter(BoltMeta::isPossible);
  }

  private boolean isPossible() {
    return pageSize >= BoltFile.MIN_PAGE_SIZE
        && pageSize <= BoltFile.MAX_PAGE_SIZE
        && Integer.bitCount(pageSize) == 1
        && pages >= 3
        && pages <= MAX_PAGES;
  }

  static boolean isBigEndian(ByteBuffer page) {
    return page.limit() >= END && page.getInt(16) == Integer.reverseBytes(MAGIC);
  }

  /** Returns the meta page for the beginning of a file. */
  ByteBuffer encode(long id) {
    var page = ByteBuffer.allocate(pageSize).order(ByteOrder.LITTLE_ENDIAN);
    page.putLong(0, id);
    page.putShort(8, (short) BoltPage.META);
    page.putInt(16, MAGIC);
    page.putInt(20, VERSION);
    page.putInt(24, pageSize);
    page.putLong(32, root);
    page.putLong(40, rootSequence);
    page.putLong(48, freelist);
    page.putLong(56, pages);
    page.putLong(64, transaction);
    page.putLong(CHECKSUM, checksum(page));
    return page;
  }

  /** FNV-1a of 64 bits. */
  private static long checksum(ByteBuffer page) {
    var sum = 0xcbf29ce484222325L;
    for (int at = START; at < CHECKSUM; at++) {
      sum = (sum ^ Byte.toUnsignedInt(page.get(at))) * 0x100000001b3L;
    }
    return sum;
  }
}
