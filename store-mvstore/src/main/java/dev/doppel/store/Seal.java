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
 * What a store's file must at least be, kept in a file beside it. MVStore takes a file that has
 * lost its end for an older state of itself, and looks at no checksum of what it reads.
 *
 * <pre>
 *   16 hex digits   the version that was synced last
 *    8 hex digits   checksum of the whole file; only while nobody has it open
 * </pre>
 *
 * <p>It is written after the store, and not synced, so it never promises more than there is.
 */
final class Seal {

  private static final String SUFFIX = ".seal";
  private static final int VERSION = 16;
  private static final int CHECKSUM = 8;
  private static final int BUFFER = 1 << 20;

  private final Path store;
  private final FileChannel channel;

  private Seal(Path store, FileChannel channel) {
    this.store = store;
    this.channel = channel;
  }

  private static Path beside(Path store) {
    return Path.of(store + SUFFIX);
  }

  /** Returns whether a store has been here, even if its file is gone. */
  static boolean exists(Path store) {
    return Files.exists(beside(store));
  }

  /**
   * Refuses to begin anew where a store has been.
   *
   * @throws StorageException if there is a seal
   */
  static void verifyNone(Path store) {
    if (exists(store)) {
      throw new StorageException(
          "%1$s is missing, though its seal %1$s%2$s is there; restore a copy of both, or remove %1$s%2$s to begin anew"
              .formatted(store, SUFFIX),
          new IllegalStateException());
    }
  }

  /**
   * Looks at a store that nobody has open yet.
   *
   * @throws StorageException if it isn't what was closed
   */
  static void verify(Path store) throws IOException {
    var written = read(beside(store));
    if (written.length() == VERSION + CHECKSUM && !written.endsWith(checksum(store))) {
      throw damaged(store);
    }
  }

  /**
   * Goes on with a store that has been opened.
   *
   * @param version that it has
   * @throws StorageException if it had another one already
   */
  static Seal open(Path store, long version) throws IOException {
    var file = beside(store);
    var written = read(file);
    if (!written.isEmpty() && Long.parseUnsignedLong(written, 0, VERSION, 16) > version) {
      throw damaged(store);
    }
    var channel = PrivateFile.openOrCreate(file);
    channel.truncate(VERSION);
    return new Seal(store, channel);
  }

  private static StorageException damaged(Path store) {
    return new StorageException(
        "%1$s is damaged, it isn't what was written last; restore a copy of it and of %1$s%2$s, or remove %1$s%2$s to serve what it still has"
            .formatted(store, SUFFIX),
        new IllegalStateException());
  }

  /** Empty unless it has one of its two forms. */
  private static String read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    var text = Files.readString(file, StandardCharsets.ISO_8859_1);
    return text.matches("[0-9a-f]{16}([0-9a-f]{8})?") ? text : "";
  }

  /** After the store has been synced. */
  void version(long version) {
    try {
      channel.write(bytes(HexFormat.of().toHexDigits(version)), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** After the store has been closed. */
  void closed() throws IOException {
    channel.write(bytes(checksum(store)), VERSION);
    channel.close();
  }

  private static ByteBuffer bytes(String digits) {
    return StandardCharsets.ISO_8859_1.encode(digits);
  }

  private static String checksum(Path store) throws IOException {
    var checksum = new CRC32C();
    try (var in = FileChannel.open(store)) {
      var buffer = ByteBuffer.allocateDirect(BUFFER);
      while (in.read(buffer) >= 0) {
        checksum.update(buffer.flip());
        buffer.clear();
      }
    }
    return HexFormat.of().toHexDigits((int) checksum.getValue());
  }
}
