package dev.doppel.migration;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads a file of lines in UTF-8, compressed with gzip or not. Not thread-safe. */
final class LineReader implements AutoCloseable {

  /** Bytes; more than a role or a user of a store has. */
  static final int MAX_LINE = 64 << 20;

  private final InputStream in;
  private long line;

  private LineReader(InputStream in) {
    this.in = in;
  }

  /**
   * Opens a file.
   *
   * @throws MigrationException if it can't be read, or isn't in UTF-8
   */
  static LineReader open(Path file) {
    try {
      return new LineReader(new BufferedInputStream(decompressed(file), 1 << 16));
    } catch (NoSuchFileException e) {
      throw new MigrationException("no such file");
    } catch (IOException e) {
      throw new MigrationException("the file can't be read", e);
    }
  }

  private static InputStream decompressed(Path file) throws IOException {
    var raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      raw.mark(3);
      var start = raw.readNBytes(3);
      raw.reset();
      if (starts(start, 0x1f, 0x8b)) {
        return new GZIPInputStream(raw, 1 << 16);
      }
      if (starts(start, 0xff, 0xfe) || starts(start, 0xfe, 0xff)) {
        throw new MigrationException("the file is in UTF-16; convert it to UTF-8");
      }
      if (starts(start, 0xef, 0xbb, 0xbf)) {
        raw.skipNBytes(3);
      }
      return raw;
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private static boolean starts(byte[] bytes, int... expected) {
    for (int i = 0; i < expected.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns the number of the line that was read last, from 1 on. */
  long line() {
    return line;
  }

  /**
   * Returns the next line without its end; empty at the end of the file.
   *
   * @throws MigrationException if the line is too long or not in UTF-8, or the file is cut off
   */
  Optional<byte[]> next() {
    try {
      var bytes = new ByteArrayOutputStream(512);
      int next = in.read();
      if (next < 0) {
        return Optional.empty();
      }
      line++;
      for (; next >= 0 && next != '\n'; next = in.read()) {
        if (bytes.size() == MAX_LINE) {
          throw new MigrationException("line %s is longer than %s bytes".formatted(line, MAX_LINE));
        }
        bytes.write(next);
      }
      return Optional.of(checked(bytes.toByteArray()));
    } catch (EOFException | ZipException e) {
      throw new MigrationException(
          "the compressed file is cut off or damaged in line %s; get it again".formatted(line));
    } catch (IOException e) {
      throw new MigrationException("the file can't be read", e);
    }
  }

  private byte[] checked(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    try {
      StandardCharsets.UTF_8.newDecoder().decode(in);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new MigrationException(
          "line %s is not in UTF-8 at its byte %s; convert the file to UTF-8"
              .formatted(line, in.position() + 1));
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new MigrationException("the file can't be closed", e);
    }
  }
}
