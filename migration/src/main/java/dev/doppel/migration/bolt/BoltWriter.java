package dev.doppel.migration.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a new bbolt file, bucket by bucket in ascending order of their names, without free pages.
 * Keeps at most two pages for each level of a tree in memory. Not thread-safe.
 *
 * <p>The meta pages are written last, so that an incomplete file is not a bbolt file.
 */
public final class BoltWriter implements AutoCloseable {

  private static final long FREELIST = 2;

  /** bbolt takes 65,535 in the count of a page for a sign of a larger count elsewhere. */
  private static final int MAX_ELEMENTS = 0xFFFE;

  private final FileChannel channel;
  private final int pageSize;
  private final Tree root;
  private long nextPage = FREELIST + 1;

  private BoltWriter(FileChannel channel, int pageSize) {
    this.channel = channel;
    this.pageSize = pageSize;
    this.root = new Tree(0);
  }

  /**
   * Starts to write over an empty file.
   *
   * @param file exists, so that its permissions are the caller's choice
   * @param pageSize a power of two, 1 KiB to 16 MiB
   * @throws BoltException if the file can't be written
   */
  public static BoltWriter open(Path file, int pageSize) {
    if (pageSize < BoltFile.MIN_PAGE_SIZE
        || pageSize > BoltFile.MAX_PAGE_SIZE
        || Integer.bitCount(pageSize) != 1) {
      throw new IllegalArgumentException("page size " + pageSize);
    }
    try {
      return new BoltWriter(
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
          pageSize);
    } catch (IOException e) {
      throw new BoltException("can't be written", e);
    }
  }

  /**
   * Writes a bucket.
   *
   * @param name after those of earlier buckets
   * @param entries in ascending order of their keys; buckets among them are copied
   * @throws IllegalArgumentException if a key is empty, too long or out of order
   * @throws BoltException if the file can't be written, or a copied bucket is damaged
   */
  public void add(String name, long sequence, Iterator<BoltEntry> entries) {
    add(BoltEntry.of(name, new byte[0]).key(), sequence, entries);
  }

  /** Copies an entry of another file's root: a bucket, with all that it contains. */
  public void copy(BoltEntry entry) {
    root.add(entry, 0);
  }

  private void add(byte[] name, long sequence, Iterator<BoltEntry> entries) {
    root.addBucket(name, sequence, write(entries, 0));
  }

  /** Writes the pages of a bucket and returns its root page. */
  private long write(Iterator<BoltEntry> entries, int depth) {
    if (depth > BoltFile.MAX_DEPTH) {
      throw BoltFile.tooDeep();
    }
    var tree = new Tree(0);
    while (entries.hasNext()) {
      tree.add(entries.next(), depth);
    }
    return tree.finish();
  }

  /**
   * Writes what is left, the meta pages last, and syncs the file.
   *
   * @throws BoltException if the file can't be written
   */
  public void finish() {
    var rootPage = root.finish();
    try {
      var freelist = newPage(pageSize, FREELIST, BoltPage.FREELIST, 0, 0);
      writeAt(FREELIST, freelist);
      channel.force(true);
      // As in a copy that bbolt makes (tx.go, WriteTo): the same twice, the second one older.
      for (int id = 1; id >= 0; id--) {
        writeAt(id, new BoltMeta(pageSize, rootPage, 0, FREELIST, nextPage, 2 - id).encode(id));
      }
      channel.force(true);
    } catch (IOException e) {
      throw new BoltException("can't be written", e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new BoltException("can't be closed", e);
    }
  }

  private static ByteBuffer newPage(int size, long id, int kind, int count, int overflow) {
    return ByteBuffer.allocate(size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, id)
        .putShort(8, (short) kind)
        .putShort(10, (short) count)
        .putInt(12, overflow);
  }

  private void writeAt(long id, ByteBuffer page) throws IOException {
    page.position(0);
    while (page.hasRemaining()) {
      channel.write(page, id * pageSize + page.position());
    }
  }

  /** An element of a page: of a branch with a child, of a leaf with flags and a value. */
  private static final class Element {

    final byte[] key;
    final int flags;
    final byte[] value;
    final long child;

    Element(byte[] key, int flags, byte[] value, long child) {
      this.key = key;
      this.flags = flags;
      this.value = value;
      this.child = child;
    }

    int size() {
      return BoltPage.ELEMENT + key.length + value.length;
    }
  }

  /** One level of a tree; those above it are created when it has a second page. */
  private final class Tree {

    private final int level;

    /** The page before the last, which gives an element to a branch that would have only one. */
    private List<Element> previous = new ArrayList<>();

    private List<Element> page = new ArrayList<>();
    private long size = BoltPage.HEADER;
    private byte @Nullable [] last;
    private @Nullable Tree above;

    Tree(int level) {
      this.level = level;
    }

    void add(BoltEntry entry, int depth) {
      if (entry.bucket().isPresent()) {
        var bucket = entry.bucket().get();
        addBucket(entry.key(), bucket.sequence(), write(bucket.iterator(), depth + 1));
      } else {
        add(new Element(entry.key(), 0, entry.value(), 0));
      }
    }

    void addBucket(byte[] name, long sequence, long rootPage) {
      var value = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      add(new Element(name, 1, value.putLong(rootPage).putLong(sequence).array(), 0));
    }

    private void add(Element element) {
      if (element.key.length == 0 || element.key.length > BoltPage.MAX_KEY) {
        throw new IllegalArgumentException("a key of " + element.key.length + " bytes");
      }
      if (last != null && BoltEntry.compare(last, element.key) >= 0) {
        throw new IllegalArgumentException("keys are not in ascending order");
      }
      last = element.key;
      var full = size + element.size() > pageSize || page.size() == MAX_ELEMENTS;
      if (full && page.size() >= minElements()) {
        turn();
      }
      page.add(element);
      size += element.size();
    }

    /** A branch has at least two children ({@code node.go}, {@code minKeys}). */
    private int minElements() {
      return level == 0 ? 1 : 2;
    }

    private void turn() {
      if (!previous.isEmpty()) {
        flush(previous);
      }
      previous = page;
      page = new ArrayList<>();
      size = BoltPage.HEADER;
    }

    private void flush(List<Element> elements) {
      var id = writePage(elements);
      if (above == null) {
        above = new Tree(level + 1);
      }
      above.add(new Element(elements.get(0).key, 0, new byte[0], id));
    }

    /** Writes what is left and returns the root page of the whole tree. */
    long finish() {
      if (!previous.isEmpty() && page.size() < minElements()) {
        borrow();
      }
      if (previous.isEmpty() && above == null) {
        return writePage(page);
      }
      if (!previous.isEmpty()) {
        flush(previous);
      }
      flush(page);
      return Objects.requireNonNull(above).finish();
    }

    /** Gives the last page as many elements as it needs, or adds it to the page before. */
    private void borrow() {
      if (previous.size() > minElements()) {
        page.add(0, previous.remove(previous.size() - 1));
      } else {
        previous.addAll(page);
        page = previous;
        previous = new ArrayList<>();
      }
    }

    private long writePage(List<Element> elements) {
      var bytes = elements.stream().mapToLong(Element::size).sum() + BoltPage.HEADER;
      if (bytes > BoltFile.MAX_PAGE_BYTES) {
        throw new BoltException(
            "an entry is longer than %s bytes, which is not supported"
                .formatted(BoltFile.MAX_PAGE_BYTES));
      }
      var pages = Math.toIntExact((bytes + pageSize - 1) / pageSize);
      var id = nextPage;
      nextPage += pages;
      var kind = level == 0 ? BoltPage.LEAF : BoltPage.BRANCH;
      var out = newPage(pages * pageSize, id, kind, elements.size(), pages - 1);
      var data = BoltPage.HEADER + BoltPage.ELEMENT * elements.size();
      for (int i = 0; i < elements.size(); i++) {
        var element = elements.get(i);
        var start = BoltPage.HEADER + BoltPage.ELEMENT * i;
        if (level == 0) {
          out.putInt(start, element.flags)
              .putInt(start + 4, data - start)
              .putInt(start + 8, element.key.length)
              .putInt(start + 12, element.value.length);
        } else {
          out.putInt(start, data - start)
              .putInt(start + 4, element.key.length)
              .putLong(start + 8, element.child);
        }
        out.put(data, element.key).put(data + element.key.length, element.value);
        data += element.key.length + element.value.length;
      }
      try {
        writeAt(id, out);
      } catch (IOException e) {
        throw new BoltException("can't be written", e);
      }
      return id;
    }
  }
}
