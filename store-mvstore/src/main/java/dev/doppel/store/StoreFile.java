package dev.doppel.store;

import dev.doppel.users.StorageException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/** The file of a store, open: created with mode 0600, brought up to date, compacted, sealed. */
final class StoreFile {

  private static final System.Logger LOG = System.getLogger(StoreFile.class.getName());

  /** Layout of {@link Tables}; a store that says another number is not ours to touch. */
  private static final String FORMAT = "6";

  /** These lack indexes, and are brought up to date. */
  private static final Set<String> OLDER_FORMATS = Set.of("2", "3", "4", "5");

  /** These lack properties of users, tokens and organizations, too. */
  private static final Set<String> WITHOUT_AUTHORITY = Set.of("2", "3", "4");

  private static final String HEADER = "doppel";
  private static final String UNUSABLE = " can't be opened for reading and writing";

  /** For pages that are read. */
  static final int CACHE_MB = 64;

  /** Small pages: a change rewrites the page of each index that it touches. */
  private static final int PAGE_BYTES = 4 << 10;

  private final MVStore store;
  private final Tables tables;
  private final Seal seal;
  private final FileJournal journal;

  private StoreFile(Path path, MVStore store, Tables tables, Seal seal) throws IOException {
    this.store = store;
    this.tables = tables;
    this.seal = seal;
    journal = new FileJournal(store, path, seal);
  }

  /**
   * Looks whether there is a file to open.
   *
   * @throws StorageException if there is no file, or nothing in it
   */
  static void requireExisting(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new StorageException(file + " doesn't exist", new IllegalStateException());
      }
      if (Files.size(file) == 0) {
        throw new StorageException(file + " is empty", new IllegalStateException());
      }
    } catch (IOException e) {
      throw new StorageException(file + UNUSABLE, e);
    }
  }

  /**
   * Opens a file; creates it if it is missing and no seal says that it has been there.
   *
   * @param cacheMegabytes for pages
   * @throws StorageException if another process has it open, it is no store, it is lost, or it
   *     can't be read or written
   */
  static StoreFile open(Path file, int cacheMegabytes) {
    try {
      var isNew = prepare(file);
      var store = openStore(file, cacheMegabytes);
      var header = store.<String, String>openMap(HEADER);
      var format = isNew ? FORMAT : header.get("format");
      if (!FORMAT.equals(format) && (format == null || !OLDER_FORMATS.contains(format))) {
        store.closeImmediately();
        throw new StorageException(
            file + " is no store of this version of Doppel", new IllegalStateException());
      }
      var seal = seal(store, file);
      var tables = new Tables(store);
      var opened = new StoreFile(file, store, tables, seal);
      if (!FORMAT.equals(format)) {
        bringUpToDate(tables, WITHOUT_AUTHORITY.contains(format));
      }
      header.put("format", FORMAT);
      store.commit();
      store.sync();
      return opened;
    } catch (MVStoreException e) {
      throw new StorageException(why(file, e), e);
    } catch (IllegalArgumentException e) {
      throw new StorageException(file + " is in a folder that doesn't exist", e);
    } catch (IOException e) {
      throw new StorageException(file + UNUSABLE, e);
    }
  }

  /** Creates the file if it is missing; returns whether there is nothing in it yet. */
  private static boolean prepare(Path file) throws IOException {
    if (!Files.exists(file)) {
      Seal.verifyNone(file);
      var folder = file.toAbsolutePath().getParent();
      if (folder == null || !Files.exists(folder)) {
        throw new IllegalArgumentException("no folder");
      }
      PrivateFile.create(file);
      return true;
    }
    Seal.verify(file);
    if (PrivateFile.isReadableByOthers(file)) {
      LOG.log(
          Level.WARNING,
          "{0} can be read by other users of this machine; run: chmod 600 {0}",
          file);
    }
    return Files.size(file) == 0 && Files.isRegularFile(file);
  }

  private static MVStore openStore(Path file, int cacheMegabytes) {
    var store =
        new MVStore.Builder()
            .fileName(file.toString())
            .autoCommitDisabled()
            .autoCommitBufferSize(0) // or a large change would be committed half-way
            .pageSplitSize(PAGE_BYTES)
            .cacheSize(cacheMegabytes)
            .open();
    // Every commit is synced before the next one begins, and readers hold their version. So what
    // only older ones use is free.
    store.setRetentionTime(0);
    store.setVersionsToKeep(0);
    return store;
  }

  private static Seal seal(MVStore store, Path file) throws IOException {
    try {
      return Seal.open(file, store.getCurrentVersion());
    } catch (IOException | StorageException e) {
      store.closeImmediately();
      throw e;
    }
  }

  private static String why(Path file, MVStoreException e) {
    return switch (e.getErrorCode()) {
      case DataUtils.ERROR_FILE_LOCKED -> file + " is in use by another process";
      case DataUtils.ERROR_FILE_CORRUPT, DataUtils.ERROR_UNSUPPORTED_FORMAT ->
          file + " is damaged or no Doppel store; restore a copy of it or choose another file";
      default -> file + UNUSABLE;
    };
  }

  private static void bringUpToDate(Tables tables, boolean withoutAuthority) {
    var within = MvStores.of(tables, new Access.Within(new Change()), new PassingCounts());
    within.reindex();
    if (withoutAuthority) {
      within.organizations().removeOwnersOfSystem();
      within.tokens().addOwners(within.users());
    }
  }

  MVStore store() {
    return store;
  }

  Tables tables() {
    return tables;
  }

  FileJournal journal() {
    return journal;
  }

  /**
   * Compacts the file for a limited time, closes it and seals it.
   *
   * @param published called after each step
   */
  void close(Runnable published) throws IOException {
    journal.compact(published);
    store.commit(); // of what a step has left
    published.run();
    store.close();
    seal.closed();
  }

  /** A new file that is filled at once, before anybody else opens it. */
  record Raw(MVStore store, Tables tables) implements AutoCloseable {

    /**
     * @param file empty
     */
    static Raw create(Path file) {
      var store = openStore(file, 1);
      store.<String, String>openMap(HEADER).put("format", FORMAT);
      return new Raw(store, new Tables(store));
    }

    /** Writes what has been put, if it takes more than so many bytes. */
    void saveBeyond(int bytes) {
      if (store.getUnsavedMemory() > bytes) {
        store.commit();
      }
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
