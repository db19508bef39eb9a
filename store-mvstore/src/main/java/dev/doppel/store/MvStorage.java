package dev.doppel.store;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Ids;
import dev.doppel.users.OrganizationStore;
import dev.doppel.users.RoleStore;
import dev.doppel.users.Storage;
import dev.doppel.users.StorageException;
import dev.doppel.users.StoreCalls;
import dev.doppel.users.Stores;
import dev.doppel.users.TokenStore;
import dev.doppel.users.UserStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * A storage with the MVStore of H2, in memory or in one file. Thread-safe.
 *
 * <p>Changes run one after the other. A reader sees the state after the last committed change, and
 * continues to see it during later changes, since pages of MVStore are never modified.
 *
 * <p>In memory, the future of a call is complete when it returns. With a file, a change is
 * acknowledged after it has been synced to disk, together with other changes of the same time, and
 * reads run on worker threads, since they may have to wait for the disk.
 */
public final class MvStorage implements Storage, Access {

  /** Maximum number of backups, one of which is made while the others wait. */
  public static final int MAX_BACKUPS = 2;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int READ_THREADS = 4;

  private final MVStore store;
  private final Tables tables;
  private final StoreExecutor searches;
  private final StoreCalls lookups = new StoreCalls("lookup");
  private final StoreCalls changes = new StoreCalls("change");
  private final StoreCalls searchCalls = new StoreCalls("search");
  private final StoreExecutor backups = StoreExecutor.forBackups();
  private final Writer writer;
  private final Optional<Disk> disk;
  private final FilterCounts counts = new FilterCounts();
  private final MvStores stores;
  private volatile View current;

  private final Snapshots snapshots = new Snapshots();

  /** The parts of a storage in a file. */
  private record Disk(WorkerExecutor readers, StoreFile file) {}

  /** Opens a new storage in memory, which ends when it is closed. */
  public static MvStorage inMemory() {
    return inMemory(StoreExecutor.forSearches());
  }

  static MvStorage inMemory(StoreExecutor searches) {
    var store = new MVStore.Builder().autoCommitDisabled().open();
    return new MvStorage(store, new Tables(store), searches, DirectWriter::new, Optional.empty());
  }

  /**
   * Opens a storage in a file, which is created if it is missing. One process at a time can have it
   * open. Blocks.
   *
   * @throws StorageException if another process has the file open, it is no store, it is missing
   *     although its seal exists, or it can't be read or written
   */
  public static MvStorage inFile(Vertx vertx, Path file) {
    return inFile(vertx, file, StoreFile.DEFAULT_CACHE_MB, StoreExecutor.forSearches());
  }

  static MvStorage inFile(Vertx vertx, Path file, int cacheMegabytes, StoreExecutor searches) {
    var opened = StoreFile.open(file, cacheMegabytes);
    return new MvStorage(
        opened.store(),
        opened.tables(),
        searches,
        publish -> new GroupCommitWriter(opened.journal(), publish),
        Optional.of(
            new Disk(
                vertx.createSharedWorkerExecutor("doppel-store-" + file, READ_THREADS), opened)));
  }

  /**
   * Opens a storage as {@link #inFile} does, but creates no file. Blocks.
   *
   * @throws StorageException as {@link #inFile} does, and if the file is missing or empty
   */
  public static MvStorage inExistingFile(Vertx vertx, Path file) {
    StoreFile.requireExisting(file);
    return inFile(vertx, file);
  }

  /**
   * @param newWriter creates the writer, given the action to run after each commit
   */
  private MvStorage(
      MVStore store,
      Tables tables,
      StoreExecutor searches,
      Function<Runnable, Writer> newWriter,
      Optional<Disk> disk) {
    this.store = store;
    this.searches = searches;
    this.tables = tables;
    this.disk = disk;
    stores = MvStores.of(tables, this, counts);
    current = newView();
    writer = newWriter.apply(this::publish);
  }

  /** Makes changes visible to readers. Called by one thread at a time. */
  private void publish() {
    var before = current;
    current = newView();
    if (disk.isPresent()) {
      // A rollback has dropped the registration of the version that readers may still use.
      before.onRelease(registerVersion());
    }
    before.release();
  }

  /** Returns the present state of all tables. In a file, its pages are kept until its release. */
  private View newView() {
    return new View(tables.all(), disk.isEmpty() ? () -> {} : registerVersion());
  }

  /** Keeps the pages of the present version until the returned action is called. */
  private Runnable registerVersion() {
    var usage = store.registerVersionUsage();
    return () -> store.deregisterVersionUsage(usage);
  }

  @Override
  public <T> Future<T> read(Function<State, T> query) {
    if (disk.isPresent()) {
      return lookups.measure(
          () ->
              disk.get()
                  .readers
                  .executeBlocking(() -> translateErrors(() -> readCurrent(query)), false));
    }
    try {
      return Future.succeededFuture(query.apply(current));
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  @Override
  public <T> Future<T> search(Function<State, T> query) {
    return searchCalls.measure(
        () ->
            searches.run(
                deadline ->
                    translateErrors(
                        () ->
                            readCurrent(
                                view -> query.apply(new TimeLimitedState(view, deadline))))));
  }

  private <T> T readCurrent(Function<State, T> query) {
    var view = current;
    while (!view.acquire()) {
      view = current; // a newer one has replaced it
    }
    try {
      return query.apply(view);
    } finally {
      view.release();
    }
  }

  Tables tables() {
    return tables;
  }

  @Override
  public <T> Future<T> write(Function<Change, T> change) {
    return changes.measure(
        () -> writer.write(() -> translateErrors(() -> applyOrRollBack(change))));
  }

  private static <T> T applyOrRollBack(Function<Change, T> work) {
    var change = new Change();
    try {
      return work.apply(change);
    } catch (RuntimeException | Error thrown) {
      change.rollback();
      throw thrown;
    }
  }

  @Override
  public <T> Future<T> change(Function<Stores, Future<T>> work) {
    return write(
        change -> result(work.apply(MvStores.of(tables, new Access.WithinChange(change), counts))));
  }

  private static <T> T result(Future<T> done) {
    if (!done.isComplete()) {
      throw new IllegalStateException("a change waits for something that is not part of it");
    }
    if (done.failed()) {
      throw done.cause() instanceof RuntimeException thrown
          ? thrown
          : new IllegalStateException(done.cause());
    }
    return done.result();
  }

  private static <T> T translateErrors(Supplier<T> work) {
    try {
      return work.get();
    } catch (MVStoreException | UncheckedIOException thrown) {
      throw Failure.of(Reason.UNAVAILABLE, thrown);
    }
  }

  @Override
  public UserStore users() {
    return stores.users();
  }

  @Override
  public TokenStore tokens() {
    return stores.tokens();
  }

  @Override
  public RoleStore roles() {
    return stores.roles();
  }

  @Override
  public OrganizationStore organizations() {
    return stores.organizations();
  }

  /**
   * Returns a random number, so that the ids of one process rarely equal those of the one before
   * it.
   */
  @Override
  public Future<Integer> node() {
    return Future.succeededFuture(RANDOM.nextInt(Ids.NODES));
  }

  @Override
  public Future<Void> ping() {
    if (store.isClosed()) {
      return Future.failedFuture(Failure.of(Reason.UNAVAILABLE));
    }
    return read(
        state -> {
          if (disk.isPresent() && !disk.get().file.journal().hasRoom()) {
            throw Failure.of(Reason.UNAVAILABLE);
          }
          return null;
        });
  }

  @Override
  public Future<Optional<String>> note(String name) {
    return stores.note(name);
  }

  @Override
  public Future<Void> putNote(String name, Optional<String> text) {
    return stores.putNote(name, text);
  }

  @Override
  public Future<Void> clear() {
    return stores.clear();
  }

  @Override
  public Future<Void> reindex() {
    return write(
        change -> {
          MvStores.of(tables, new Access.WithinChange(change), counts).reindex();
          return null;
        });
  }

  @Override
  public Future<Snapshot> snapshot() {
    return write(change -> snapshots.add(saveState()));
  }

  private Snapshots.SavedState saveState() {
    if (disk.isEmpty()) {
      store.commit();
      return new Snapshots.StoreVersion(store);
    }
    disk.get().file.journal().commit();
    return new Snapshots.TableContents(newView(), tables.all());
  }

  @Override
  public Future<Void> restore(Snapshot snapshot) {
    return write(
        change -> {
          snapshots.restore(snapshot, change);
          return null;
        });
  }

  @Override
  public Future<Void> backup(Path target) {
    return backups.run(
        deadline ->
            translateErrors(
                () ->
                    readCurrent(
                        view -> {
                          writeBackup(new TimeLimitedState(view, deadline), target);
                          return null;
                        })));
  }

  private void writeBackup(State state, Path target) {
    try {
      Backup.write(state, tables, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lookups in memory are not counted, since counting would take longer than they do. */
  @Override
  public List<StoreCalls> calls() {
    return disk.isPresent()
        ? List.of(lookups, changes, searchCalls)
        : List.of(changes, searchCalls);
  }

  @Override
  public OptionalLong sessionCount() {
    return OptionalLong.of(tables.sessions.map().sizeAsLong());
  }

  @Override
  public Future<Void> close() {
    return writer
        .close()
        .compose(done -> Future.join(searches.close(), backups.close()))
        .compose(done -> disk.map(this::closeFile).orElseGet(this::closeMemory));
  }

  private Future<Void> closeMemory() {
    store.close();
    return Future.succeededFuture();
  }

  /** Runs on a worker thread, since it writes to the disk. */
  private Future<Void> closeFile(Disk disk) {
    return disk.readers
        .<Void>executeBlocking(
            () -> {
              snapshots.clear();
              disk.file.close(this::publish);
              return null;
            },
            false)
        .eventually(disk.readers::close);
  }
}
