package dev.doppel.gateway.realm;

import dev.doppel.users.Store;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The temporary files of backups, a limited number at a time. Each is deleted after it has been
 * sent. Thread-safe.
 */
public final class BackupFiles {

  /** Maximum number of backups at the same time. */
  public static final int MAX_AT_ONCE = 2;

  private static final System.Logger LOG = System.getLogger(BackupFiles.class.getName());

  /** Time since the last write after which a file counts as left by a killed process. */
  private static final Duration LEFTOVER_AGE = Duration.ofHours(1);

  private static final String PREFIX = "doppel-backup-";
  private static final String SUFFIX = ".tmp";
  private static final Pattern NAME =
      Pattern.compile(PREFIX + "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\" + SUFFIX);

  private final Path folder;
  private final Set<Path> reserved = new HashSet<>();

  /**
   * Creates files in the store's folder, or in the temporary folder if the store isn't in a file.
   */
  BackupFiles(Store store) {
    folder =
        store
            .directory()
            .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath());
  }

  /** Reserves the path of a new file; empty if {@link #MAX_AT_ONCE} are reserved. */
  public synchronized Optional<Path> reserve() {
    if (reserved.size() >= MAX_AT_ONCE) {
      return Optional.empty();
    }
    var file = folder.resolve(PREFIX + UUID.randomUUID() + SUFFIX);
    reserved.add(file);
    return Optional.of(file);
  }

  /** Frees a reservation after its file is deleted. */
  public synchronized void release(Path file) {
    reserved.remove(file);
  }

  private synchronized boolean isReserved(Path file) {
    return reserved.contains(file);
  }

  /**
   * Deletes files that a killed process has left: backups that have not been written to for an
   * hour. Ignores files that can't be deleted. Blocks.
   */
  public void deleteLeftovers(Instant now) {
    try (var files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
      for (var file : files) {
        deleteLeftover(file, now);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.log(System.Logger.Level.DEBUG, "leftover backups could not be listed", e);
    }
  }

  private void deleteLeftover(Path file, Instant now) {
    try {
      if (NAME.matcher(String.valueOf(file.getFileName())).matches()
          && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(LEFTOVER_AGE))
          && !isReserved(file)) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a leftover backup could not be deleted", e);
    }
  }
}
