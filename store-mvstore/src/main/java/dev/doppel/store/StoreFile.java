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

/** The open file of a store: created with mode 0600, upgraded, compacted and sealed. */
final class StoreFile {

  private static final System.Logger LOG = System.getLogger(StoreFile.class.getName());

  /** The format of {@link Tables}. A store of an unknown format is never changed. */
  private static final String FORMAT = "6";

  /** Formats without some of the indexes, which are upgraded. */
  private static final Set<String> OLDER_FORMATS = Set.of("2", "3", "4", "5");

  /** Older formats that also lack properties of users, tokens and organizations. */
  private static final Set<String> FORMATS_WITHOUT_AUTHORITY = Set.of("2", "3", "4");

  private static final String HEADER = "doppel";
  private static final String UNUSABLE = " can't be opened for reading and writing";

  /** Default size of the cache for pages, in megabytes. */
  static final int DEFAULT_CACHE_MB = 64;

  /** Small, since a change rewrites a page of each index that it touches. */
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
   * Checks that there is a file to open.
   *
   * @throws StorageException if there is no file or it is empty
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
   * Opens a file; creates it if neither it nor its seal exists.
   *
   * @param cacheMegabytes size of the cache for pages
   * @throws StorageException if another process has the file open, it is no store, it is missing
   *     although its seal exists, or it can't be read or written
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
      var seal = openSeal(store, file);
      var tables = new Tables(store);
      var opened = new StoreFile(file, store, tables, seal);
      if (!FORMAT.equals(format)) {
        upgrade(tables, FORMATS_WITHOUT_AUTHORITY.contains(format));
      }
      header.put("format", FORMAT);
      store.commit();
      store.sync();
      return opened;
    } catch (MVStoreException e) {
      throw new StorageException(messageFor(file, e), e);
    } catch (IllegalArgumentException e) {
      throw new StorageException(file + " is in a folder that doesn't exist", e);
    } catch (IOException e) {
      throw new StorageException(file + UNUSABLE, e);
    }
  }

  /** Creates the file if it is missing; returns whether it is empty. */
  private static boolean prepare(Path file) throws IOException {
    if (!Files.exists(file)) {
      Seal.requireNone(file);
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
            .autoCommitBufferSize(0) // or a large change would be committed in part
            .pageSplitSize(PAGE_BYTES)
            .cacheSize(cacheMegabytes)
            .open();
    // Every commit is synced before the next begins, and readers register the version they use. So
    // the space of older versions is free.
    store.setRetentionTime(0);
    store.setVersionsToKeep(0);
    return store;
  }

  private static Seal openSeal(MVStore store, Path file) throws IOException {
    try {
      return Seal.open(file, store.getCurrentVersion());
    } catch (IOException | StorageException e) {
      store.closeImmediately();
      throw e;
    }
  }

  private static String messageFor(Path file, MVStoreException e) {
    return switch (e.getErrorCode()) {
      case DataUtils.ERROR_FILE_LOCKED -> file + " is in use by another process";
      case DataUtils.ERROR_FILE_CORRUPT, DataUtils.ERROR_UNSUPPORTED_FORMAT ->
          file + " is damaged or no Doppel store; restore a copy of it or choose another file";
      default -> file + UNUSABLE;
    };
  }

  private static void upgrade(Tables tables, boolean withoutAuthority) {
    var stores = MvStores.of(tables, new Access.WithinChange(new Change()), new FilterCounts());
    stores.reindex();
    if (withoutAuthority) {
      stores.organizations().removeOwnersOfSystem();
      stores.tokens().addOwners(stores.users());
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
   * @param publish called after each step
   */
  void close(Runnable publish) throws IOException {
    journal.compact(publish);
    store.commit(); // the rest of a step
    publish.run();
    store.close();
    seal.close();
  }

  /** A new store without a seal and a journal, to be filled before it is opened as a store. */
  record Unsealed(MVStore store, Tables tables) implements AutoCloseable {

    /**
     * @param file exists and is empty
     */
    static Unsealed create(Path file) {
      var store = openStore(file, 1);
      store.<String, String>openMap(HEADER).put("format", FORMAT);
      return new Unsealed(store, new Tables(store));
    }

    /** Commits the entries that were put, if they take more than a number of bytes. */
    void commitAbove(int bytes) {
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
