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
 * The files in which copies of a store lie until they have been sent, a limited number at a time.
 * Thread-safe.
 */
public final class BackupFiles {

  public static final int MAX_AT_ONCE = 2;

  private static final System.Logger LOG = System.getLogger(BackupFiles.class.getName());

  /** Of a file that nobody has written to any more. */
  private static final Duration LEFT_AFTER = Duration.ofHours(1);

  private static final String PREFIX = "doppel-backup-";
  private static final String SUFFIX = ".tmp";
  private static final Pattern NAME =
      Pattern.compile(PREFIX + "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\" + SUFFIX);

  private final Path folder;
  private final Set<Path> reserved = new HashSet<>();

  /** On the store's disk, or on that for temporary files if the store isn't in a file. */
  BackupFiles(Store store) {
    folder =
        store
            .directory()
            .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath());
  }

  /** Returns a file that doesn't exist yet; empty if as many are reserved as may be. */
  public synchronized Optional<Path> reserve() {
    if (reserved.size() >= MAX_AT_ONCE) {
      return Optional.empty();
    }
    var file = folder.resolve(PREFIX + UUID.randomUUID() + SUFFIX);
    reserved.add(file);
    return Optional.of(file);
  }

  /** Makes room for another one, when a file is deleted. */
  public synchronized void release(Path file) {
    reserved.remove(file);
  }

  private synchronized boolean isReserved(Path file) {
    return reserved.contains(file);
  }

  /**
   * Deletes files that a killed process has left: those of our names that have not been written to
   * for an hour. Blocks. A file that can't be deleted stays.
   */
  public void deleteLeftovers(Instant now) {
    try (var files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
      for (var file : files) {
        deleteLeftover(file, now);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.log(System.Logger.Level.DEBUG, "leftovers of backups that can't be looked for", e);
    }
  }

  private void deleteLeftover(Path file, Instant now) {
    try {
      if (NAME.matcher(String.valueOf(file.getFileName())).matches()
          && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(LEFT_AFTER))
          && !isReserved(file)) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a leftover of a backup that can't be deleted", e);
    }
  }
}
