package dev.doppel.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary file that only its owner can read. It is deleted when it is closed, and also when the
 * process exits before that, as after SIGTERM. Thread-safe.
 */
final class TemporaryFile implements AutoCloseable {

  private final Path path;
  private final Thread hook;

  private TemporaryFile(Path path) {
    this.path = path;
    this.hook = new Thread(() -> deleteQuietly(path), "delete " + path.getFileName());
  }

  /**
   * Creates an empty file.
   *
   * @throws MigrationException if the directory for temporary files can't be written
   */
  static TemporaryFile create(String prefix, String suffix) {
    try {
      var file = new TemporaryFile(Files.createTempFile(prefix, suffix));
      file.deleteAtExit();
      return file;
    } catch (IOException e) {
      throw new MigrationException("the temporary directory can't be written", e);
    }
  }

  private void deleteAtExit() {
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException exiting) {
      deleteQuietly(path);
      throw new MigrationException("the process is exiting", exiting);
    }
  }

  Path path() {
    return path;
  }

  /**
   * Deletes the name of the file, which has been opened and isn't opened again. Then nothing is
   * left of it however the process ends. Where open files can't be deleted, {@link #close} does it.
   */
  void unlink() {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      deleteQuietly(path);
    }
  }

  private static void deleteQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // close() reports it; at exit there is nothing more to do
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new MigrationException("a temporary file can't be deleted: " + path, e);
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException exiting) {
      // the hook runs, and finds the file deleted
    }
  }
}
