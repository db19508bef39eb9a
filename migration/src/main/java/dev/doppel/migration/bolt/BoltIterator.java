package dev.doppel.migration.bolt;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Walks a tree from its first key to its last, with one page per level in memory. */
final class BoltIterator implements Iterator<BoltEntry> {

  /** A page and how far it was read. */
  private static final class Step {
    final BoltPage page;
    final byte @Nullable [] after;
    int next;

    /**
     * @param after the first key of the subtree's right neighbor, which all keys of the subtree
     *     precede
     */
    Step(BoltPage page, byte @Nullable [] after) {
      this.page = page;
      this.after = after;
    }
  }

  private final BoltFile file;
  private final VisitedPages visited;
  private final Deque<Step> path = new ArrayDeque<>();
  private byte @Nullable [] last;
  private Optional<BoltEntry> next = Optional.empty();

  BoltIterator(BoltFile file, BoltPage root, VisitedPages visited) {
    this.file = file;
    this.visited = visited;
    push(root, null);
  }

  @Override
  public boolean hasNext() {
    if (next.isEmpty()) {
      next = advance();
    }
    return next.isPresent();
  }

  @Override
  public BoltEntry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    var entry = next.orElseThrow();
    next = Optional.empty(); // read when it is needed, so that at most one entry is in memory
    return entry;
  }

  private void push(BoltPage page, byte @Nullable [] after) {
    if (path.size() >= BoltFile.MAX_DEPTH) {
      throw BoltFile.tooDeep();
    }
    visited.add(page);
    path.push(new Step(page, after));
  }

  private Optional<BoltEntry> advance() {
    while (!path.isEmpty()) {
      var step = path.element();
      if (step.next == step.page.count()) {
        visited.release(path.pop().page);
      } else if (step.page.isLeaf()) {
        var entry = file.entry(step.page, step.next++);
        requireOrder(step, entry.key());
        last = entry.key();
        return Optional.of(entry);
      } else {
        descend(step);
      }
    }
    return Optional.empty();
  }

  private void descend(Step step) {
    var index = step.next++;
    var after = index + 1 < step.page.count() ? step.page.key(index + 1) : step.after;
    if (after != null && BoltEntry.compare(step.page.key(index), after) >= 0) {
      throw unordered(step.page);
    }
    push(file.treePage(step.page.child(index)), after);
  }

  private void requireOrder(Step step, byte[] key) {
    if ((last != null && BoltEntry.compare(last, key) >= 0)
        || (step.after != null && BoltEntry.compare(key, step.after) >= 0)) {
      throw unordered(step.page);
    }
  }

  private static BoltException unordered(BoltPage page) {
    return new BoltException(
        "page %s has keys that are not in ascending order; the file is damaged"
            .formatted(page.id()));
  }
}
