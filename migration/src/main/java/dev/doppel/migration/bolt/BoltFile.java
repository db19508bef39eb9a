package dev.doppel.migration.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A bbolt file, opened for reading and trusted in nothing: every number is checked before it is
 * used, and neither loops nor shared pages are followed. Takes no lock; a file that a server still
 * writes to is rejected where it is met in between two states. Keeps at most one page for each
 * level of a tree in memory, and limits their bytes.
 */
public final class BoltFile implements AutoCloseable {

  /** Levels of pages, or of buckets; a file that bbolt can write has fewer. */
  static final int MAX_DEPTH = 64;

  /** Bytes of one page with its overflow, which is read as a whole. */
  static final long MAX_PAGE_BYTES = 32L << 20;

  /** Bytes of all pages from a root to a leaf, those of the buckets around it included. */
  static final long MAX_PATH_BYTES = 64L << 20;

  static final int MIN_PAGE_SIZE = 1 << 10;
  static final int MAX_PAGE_SIZE = 16 << 20;

  private static final int BUCKET_HEADER = 16;

  private final FileChannel channel;
  private final BoltMeta meta;

  private BoltFile(FileChannel channel, BoltMeta meta) {
    this.channel = channel;
    this.meta = meta;
  }

  /**
   * Opens a file and checks its meta pages and its length.
   *
   * @throws BoltException if the file can't be read, is cut off, or is no bbolt file
   */
  public static BoltFile open(Path path) {
    try {
      var channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new BoltFile(channel, readMeta(channel));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new BoltException("no such file");
    } catch (IOException e) {
      throw new BoltException("can't be read", e);
    }
  }

  private static BoltMeta readMeta(FileChannel channel) throws IOException {
    var length = channel.size();
    var start = read(channel, 0, (int) Math.min(length, BoltMeta.END));
    if (start.limit() >= 2 && start.get(0) == 0x1f && start.get(1) == (byte) 0x8b) {
      throw new BoltException("compressed with gzip; decompress it first");
    }
    var first = BoltMeta.parse(start);
    var candidates =
        first.isPresent()
            ? Stream.concat(first.stream(), meta(channel, first.get().pageSize()).stream())
            : secondMeta(channel).stream();
    var meta =
        candidates
            .max(Comparator.comparing(BoltMeta::transaction, Long::compareUnsigned))
            .orElseThrow(() -> new BoltException(describeInvalid(start)));
    if (meta.pages() > length / meta.pageSize()) {
      throw new BoltException(
          "cut off: it has %s bytes of at least %s"
              .formatted(length, meta.pages() * meta.pageSize()));
    }
    return meta;
  }

  private static String describeInvalid(ByteBuffer start) {
    return BoltMeta.isBigEndian(start)
        ? "written on a big-endian machine, which is not supported"
        : "not a bbolt file, or both of its meta pages are damaged";
  }

  /** Returns the second meta page of a file whose first is damaged, at any page size. */
  private static Optional<BoltMeta> secondMeta(FileChannel channel) {
    return IntStream.iterate(MIN_PAGE_SIZE, size -> size <= MAX_PAGE_SIZE, size -> size * 2)
        .boxed()
        .flatMap(size -> meta(channel, size).stream())
        .findFirst();
  }

  private static Optional<BoltMeta> meta(FileChannel channel, int at) {
    try {
      return channel.size() < at + (long) BoltMeta.END
          ? Optional.empty()
          : BoltMeta.parse(read(channel, at, BoltMeta.END)).filter(one -> one.pageSize() == at);
    } catch (IOException e) {
      throw new BoltException("can't be read", e);
    }
  }

  private static ByteBuffer read(FileChannel channel, long position, int length)
      throws IOException {
    var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new BoltException("cut off while it was read");
      }
    }
    return bytes.flip();
  }

  /** Returns the size of a page in bytes. */
  public int pageSize() {
    return meta.pageSize();
  }

  /** Returns the number of pages. */
  long pageCount() {
    return meta.pages();
  }

  /** Returns the sequence of the root bucket. */
  long rootSequence() {
    return meta.rootSequence();
  }

  /**
   * Returns the bucket that holds all others.
   *
   * @throws BoltException if its page is damaged
   */
  public BoltBucket root() {
    return new BoltBucket(this, treePage(meta.root()), meta.rootSequence());
  }

  /**
   * Reads the whole file, buckets within buckets included.
   *
   * @throws BoltException if a page is damaged or reached twice, or keys are not in order
   */
  public void check() {
    check(root(), new VisitedPages(pageCount()), 0);
  }

  private void check(BoltBucket bucket, VisitedPages visited, int depth) {
    if (depth > MAX_DEPTH) {
      throw tooDeep();
    }
    for (Iterator<BoltEntry> entries = bucket.iterator(visited); entries.hasNext(); ) {
      entries.next().bucket().ifPresent(nested -> check(nested, visited, depth + 1));
    }
  }

  /** Reads a page of a tree with its overflow. */
  BoltPage treePage(long id) {
    requirePage(id, 0);
    try {
      var position = id * pageSize();
      var header = read(channel, position, BoltPage.HEADER);
      var overflow = Integer.toUnsignedLong(header.getInt(12));
      requirePage(id, overflow);
      var length = (overflow + 1) * pageSize();
      if (length > MAX_PAGE_BYTES) {
        throw new BoltException(
            "page %s is longer than %s bytes, which is not supported"
                .formatted(id, MAX_PAGE_BYTES));
      }
      return BoltPage.of(read(channel, position, (int) length), id);
    } catch (IOException e) {
      throw new BoltException("page %s can't be read".formatted(id), e);
    }
  }

  /** Pages 0 and 1 are the meta pages. */
  private void requirePage(long id, long overflow) {
    if (id < 2 || id >= meta.pages() || overflow >= meta.pages() - id) {
      throw new BoltException(
          "page %s is outside of the file; the file is damaged"
              .formatted(Long.toUnsignedString(id)));
    }
  }

  /** Returns an element of a leaf. */
  BoltEntry entry(BoltPage page, int index) {
    var key = page.key(index);
    if (key.length == 0) {
      throw new BoltException("page %s has an empty key; the file is damaged".formatted(page.id()));
    }
    var value = page.value(index);
    return page.isBucket(index) ? BoltEntry.of(key, bucket(value)) : BoltEntry.of(key, value);
  }

  private BoltBucket bucket(byte[] value) {
    if (value.length < BUCKET_HEADER) {
      throw new BoltException("a bucket is cut off; the file is damaged");
    }
    var header = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    var root = header.getLong(0);
    return new BoltBucket(
        this,
        root == 0 ? BoltPage.inline(value, BUCKET_HEADER) : treePage(root),
        header.getLong(8));
  }

  static BoltException tooDeep() {
    return new BoltException(
        "has more than %s levels of pages; the file is damaged".formatted(MAX_DEPTH));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new BoltException("can't be closed", e);
    }
  }
}
