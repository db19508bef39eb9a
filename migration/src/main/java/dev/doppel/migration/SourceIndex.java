package dev.doppel.migration;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.OptionalLong;
import java.util.UUID;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * The names, ids, aliases and token hashes of a source, each with the row that had it first, in a
 * temporary file: digests of 16 bytes instead of the texts. Finds what a source has twice, however
 * large it is. Not thread-safe.
 */
final class SourceIndex implements AutoCloseable {

  /** Megabytes. */
  private static final int CACHE_SIZE = 16;

  private final TemporaryFile file = TemporaryFile.create("doppel-import", ".index");
  private final MVStore store;
  private final MVMap<UUID, Long> rows;

  SourceIndex() {
    store = new MVStore.Builder().fileName(file.path().toString()).cacheSize(CACHE_SIZE).open();
    file.unlink();
    rows = store.openMap("rows");
  }

  /** Returns the row that has the text in this namespace. */
  OptionalLong find(String namespace, String text) {
    var row = rows.get(digest(namespace, text));
    return row == null ? OptionalLong.empty() : OptionalLong.of(row);
  }

  /** Adds a text, or returns the row that had it first. */
  OptionalLong add(String namespace, String text, long row) {
    var first = rows.putIfAbsent(digest(namespace, text), row);
    return first == null ? OptionalLong.empty() : OptionalLong.of(first);
  }

  private static UUID digest(String namespace, String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(namespace.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) 0);
      var digest = ByteBuffer.wrap(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
      return new UUID(digest.getLong(), digest.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    store.closeImmediately();
    file.close();
  }
}
