package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.store.PrivateFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that appears under its name when all of it has been written, and never in place of
 * another. Only its owner may read it.
 */
final class NewFile {

  /** Writes the file, or throws. */
  interface Content {
    void writeTo(Path missing) throws IOException, InterruptedException;
  }

  private NewFile() {}

  /**
   * @param content writes a file that doesn't exist yet, in the target's folder
   * @throws StartupException if the target exists or can't be written
   */
  static void write(Path target, Content content) throws InterruptedException {
    if (Files.exists(target)) {
      throw exists(target);
    }
    if (!Files.isDirectory(target.toAbsolutePath().resolveSibling(""))) {
      throw new StartupException(
          StartupException.MACHINE, "'%s' is in a folder that doesn't exist".formatted(target));
    }
    var part =
        target
            .toAbsolutePath()
            .resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try {
        content.writeTo(part);
        try (var written = FileChannel.open(part, StandardOpenOption.WRITE)) {
          written.force(true);
        }
        moveTo(target, part);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (FileAlreadyExistsException e) {
      throw exists(target);
    } catch (IOException e) {
      throw new StartupException(
          StartupException.MACHINE, "'%s' can't be written: %s".formatted(target, reason(e)));
    }
  }

  /** A link fails if the target exists, which a move may overwrite. */
  private static void moveTo(Path target, Path part) throws IOException {
    try {
      Files.createLink(target, part);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException noLinks) {
      Files.move(part, target); // throws if it exists, too, but looks first
    }
  }

  private static StartupException exists(Path target) {
    return new StartupException(
        StartupException.MACHINE, "'%s' exists; name a file that doesn't".formatted(target));
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission";
    }
    return e instanceof FileSystemException failed && failed.getReason() != null
        ? failed.getReason()
        : String.valueOf(e.getMessage());
  }

  /** Creates a file to write to, for its owner alone. */
  static OutputStream create(Path file) throws IOException {
    PrivateFile.create(file);
    return Files.newOutputStream(file, StandardOpenOption.WRITE);
  }
}
