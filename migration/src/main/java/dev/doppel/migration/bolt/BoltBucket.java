package dev.doppel.migration.bolt;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;

/** A bucket of a {@link BoltFile}: entries in ascending order of their keys. Immutable. */
public final class BoltBucket implements Iterable<BoltEntry> {

  private final BoltFile file;
  private final BoltPage root;
  private final long sequence;

  BoltBucket(BoltFile file, BoltPage root, long sequence) {
    this.file = file;
    this.root = root;
    this.sequence = sequence;
  }

  /** Returns the number that the bucket's owner keeps in it; 0 if there is none. */
  public long sequence() {
    return sequence;
  }

  /** Returns the number of the root page; 0 for a bucket within the page of its parent. */
  long rootPage() {
    return root.id();
  }

  /**
   * Returns the value of a key; empty if there is none or the key has a nested bucket.
   *
   * @throws BoltException if the file is damaged
   */
  public Optional<byte[]> find(byte[] key) {
    return entry(key).filter(entry -> entry.bucket().isEmpty()).map(BoltEntry::value);
  }

  /**
   * Returns a nested bucket; empty if there is none.
   *
   * @throws BoltException if the file is damaged
   */
  public Optional<BoltBucket> bucket(String name) {
    return entry(name.getBytes(StandardCharsets.UTF_8)).flatMap(BoltEntry::bucket);
  }

  private Optional<BoltEntry> entry(byte[] key) {
    var page = root;
    for (int depth = 0; depth < BoltFile.MAX_DEPTH; depth++) {
      if (page.isLeaf()) {
        var at = page.indexOf(key);
        return at < page.count() && BoltEntry.compare(page.key(at), key) == 0
            ? Optional.of(file.entry(page, at))
            : Optional.empty();
      }
      var next = page.indexOf(key);
      var exact = next < page.count() && BoltEntry.compare(page.key(next), key) == 0;
      page = file.treePage(page.child(exact || next == 0 ? next : next - 1));
    }
    throw BoltFile.tooDeep();
  }

  /**
   * Returns the entries, read page by page as they are needed. The iterator throws {@link
   * BoltException} if the file is damaged: if keys aren't in ascending order, or a page is reached
   * twice.
   */
  @Override
  public Iterator<BoltEntry> iterator() {
    return new BoltIterator(file, root, new VisitedPages(file.pageCount()));
  }

  /** Returns an iterator that also fails at a page that another iterator has visited. */
  Iterator<BoltEntry> iterator(VisitedPages visited) {
    return new BoltIterator(file, root, visited);
  }
}
