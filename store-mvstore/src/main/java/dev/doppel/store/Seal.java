package dev.doppel.store;

import dev.doppel.users.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * A file beside a store's file, by which damage of the latter is detected. MVStore opens a file
 * that has lost its end as an older version of it, and verifies no checksum of the pages that it
 * reads.
 *
 * <pre>
 *   16 hex digits   the version that was synced last
 *    8 hex digits   checksum (CRC-32C) of the whole file; only while the store is closed
 * </pre>
 *
 * <p>It is written after the store and not synced, so it never names a later version than the store
 * has.
 */
final class Seal {

  private static final String SUFFIX = ".seal";
  private static final int VERSION_DIGITS = 16;
  private static final int CHECKSUM_DIGITS = 8;
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path store;
  private final FileChannel channel;

  private Seal(Path store, FileChannel channel) {
    this.store = store;
    this.channel = channel;
  }

  private static Path fileOf(Path store) {
    return Path.of(store + SUFFIX);
  }

  /**
   * Checks that no store has been here before, whose file would be lost.
   *
   * @throws StorageException if there is a seal
   */
  static void requireNone(Path store) {
    if (Files.exists(fileOf(store))) {
      throw new StorageException(
          "%1$s is missing, though its seal %1$s%2$s is there; restore a copy of both, or remove %1$s%2$s to begin anew"
              .formatted(store, SUFFIX),
          new IllegalStateException());
    }
  }

  /**
   * Verifies a store before it is opened.
   *
   * @throws StorageException if the file isn't as it was when the store was closed
   */
  static void verify(Path store) throws IOException {
    var written = read(fileOf(store));
    if (written.length() == VERSION_DIGITS + CHECKSUM_DIGITS
        && !written.endsWith(checksum(store))) {
      throw newDamagedException(store);
    }
  }

  /**
   * Opens the seal of a store that has been opened.
   *
   * @param version of the store
   * @throws StorageException if the store had a later version before
   */
  static Seal open(Path store, long version) throws IOException {
    var file = fileOf(store);
    var written = read(file);
    if (!written.isEmpty() && Long.parseUnsignedLong(written, 0, VERSION_DIGITS, 16) > version) {
      throw newDamagedException(store);
    }
    var channel = PrivateFile.openOrCreate(file);
    channel.truncate(VERSION_DIGITS);
    return new Seal(store, channel);
  }

  private static StorageException newDamagedException(Path store) {
    return new StorageException(
        "%1$s is damaged, it isn't what was written last; restore a copy of it and of %1$s%2$s, or remove %1$s%2$s to serve what it still has"
            .formatted(store, SUFFIX),
        new IllegalStateException());
  }

  /** Returns the content of a seal; empty unless it has one of the two forms. */
  private static String read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    var text = Files.readString(file, StandardCharsets.ISO_8859_1);
    return text.matches("[0-9a-f]{16}([0-9a-f]{8})?") ? text : "";
  }

  /** Records the version of the store, after it has been synced. */
  void writeVersion(long version) {
    try {
      channel.write(encode(HexFormat.of().toHexDigits(version)), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Records the checksum of the store, after it has been closed, and closes the seal. */
  void close() throws IOException {
    channel.write(encode(checksum(store)), VERSION_DIGITS);
    channel.close();
  }

  private static ByteBuffer encode(String digits) {
    return StandardCharsets.ISO_8859_1.encode(digits);
  }

  private static String checksum(Path store) throws IOException {
    var checksum = new CRC32C();
    try (var in = FileChannel.open(store)) {
      var buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
      while (in.read(buffer) >= 0) {
        checksum.update(buffer.flip());
        buffer.clear();
      }
    }
    return HexFormat.of().toHexDigits((int) checksum.getValue());
  }
}
