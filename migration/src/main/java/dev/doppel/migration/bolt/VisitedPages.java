package dev.doppel.migration.bolt;

import java.util.BitSet;

/**
 * The pages that were reached so far, one bit for each, and the bytes of those that are in memory.
 * Not thread-safe.
 */
final class VisitedPages {

  private final BitSet visited;
  private long bytes;

  VisitedPages(long pages) {
    visited = new BitSet(Math.toIntExact(Math.min(pages, 1 << 20))); // grows if it is needed
  }

  /**
   * Adds a page with its overflow, which stays in memory until it is {@link #release released}.
   *
   * @throws BoltException if one of its pages was added before, or too many bytes are in memory
   */
  void add(BoltPage page) {
    bytes += page.size();
    if (bytes > BoltFile.MAX_PATH_BYTES) {
      throw new BoltException(
          "page %s is below pages of more than %s bytes, which is not supported"
              .formatted(page.id(), BoltFile.MAX_PATH_BYTES));
    }
    if (page.isInline()) {
      return;
    }
    var first = Math.toIntExact(page.id());
    var next = first + Math.toIntExact(page.overflow()) + 1;
    var before = visited.nextSetBit(first);
    if (before >= 0 && before < next) {
      throw new BoltException(
          "page %s is reached twice; the file is damaged, take another backup".formatted(before));
    }
    visited.set(first, next);
  }

  /** Notes that a page is no longer in memory. */
  void release(BoltPage page) {
    bytes -= page.size();
  }
}
