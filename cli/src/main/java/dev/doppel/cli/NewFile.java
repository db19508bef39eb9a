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
 * Creation of a file that appears under its name only when it is complete, and never replaces
 * another. Only its owner can read it.
 */
final class NewFile {

  /** Writes the content of the new file. */
  interface Content {
    /** Creates the file and writes it. */
    void writeTo(Path file) throws IOException, InterruptedException;
  }

  private NewFile() {}

  /**
   * Writes a temporary file in the target's directory, syncs it, and renames it.
   *
   * @param content writes the temporary file, which doesn't exist yet
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

  /** Renames the file. A link fails if the target exists; a move could overwrite it. */
  private static void moveTo(Path target, Path part) throws IOException {
    try {
      Files.createLink(target, part);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException noLinks) {
      Files.move(part, target); // also throws if the target exists, but the check isn't atomic
    }
  }

  private static StartupException exists(Path target) {
    return new StartupException(
        StartupException.MACHINE, "'%s' already exists; name a new file".formatted(target));
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission";
    }
    return e instanceof FileSystemException failed && failed.getReason() != null
        ? failed.getReason()
        : String.valueOf(e.getMessage());
  }

  /** Creates a file that only its owner can read, and opens it for writing. */
  static OutputStream create(Path file) throws IOException {
    PrivateFile.create(file);
    return Files.newOutputStream(file, StandardOpenOption.WRITE);
  }
}
