package dev.doppel.migration.bolt;

import java.util.BitSet;

/** The pages that were reached so far, one bit for each. Not thread-safe. */
final class VisitedPages {

  private final BitSet visited;

  VisitedPages(long pages) {
    visited = new BitSet(Math.toIntExact(Math.min(pages, 1 << 20))); // grows if it is needed
  }

  /**
   * Adds a page with its overflow.
   *
   * @throws BoltException if one of its pages was added before
   */
  void add(BoltPage page) {
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
}
