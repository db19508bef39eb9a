package dev.doppel.store;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Ids;
import dev.doppel.users.OrganizationStore;
import dev.doppel.users.RoleStore;
import dev.doppel.users.Storage;
import dev.doppel.users.StorageException;
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
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * Keeps everything in H2's MVStore: in memory, or in one file.
 *
 * <p>Changes are made one after the other. A reader looks at what the last one that is kept has
 * left, and goes on looking at that whatever is changed meanwhile: pages of MVStore are never
 * changed in place.
 *
 * <p>In memory, calls are done when they return. With a file, a change is acknowledged after it has
 * been synced to disk, together with those that came at the same time, and reads run on workers,
 * for they may have to wait for the disk.
 */
public final class MvStorage implements Storage, Access {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int READERS = 4;

  private final MVStore store;
  private final Tables tables;
  private final Workers searches;
  private final Workers backups = Workers.forBackups();
  private final Writer writer;
  private final Optional<Disk> disk;
  private final PassingCounts counts = new PassingCounts();
  private final MvStores stores;
  private volatile View newest;

  private final Snapshots snapshots = new Snapshots();

  /** What a store in a file has besides. */
  private record Disk(WorkerExecutor readers, StoreFile file) {}

  /** A store that is gone when it is closed. */
  public static MvStorage inMemory() {
    return inMemory(Workers.forSearches());
  }

  static MvStorage inMemory(Workers searches) {
    var store = new MVStore.Builder().autoCommitDisabled().open();
    return new MvStorage(store, new Tables(store), searches, DirectWriter::new, Optional.empty());
  }

  /**
   * A store in a file, which is created if it is missing. One process at a time can open it.
   *
   * @throws StorageException if another process has it open, it is no store, it is lost though its
   *     seal is there, or it can't be read or written
   */
  public static MvStorage inFile(Vertx vertx, Path file) {
    return inFile(vertx, file, StoreFile.CACHE_MB, Workers.forSearches());
  }

  static MvStorage inFile(Vertx vertx, Path file, int cacheMegabytes, Workers searches) {
    var opened = StoreFile.open(file, cacheMegabytes);
    return new MvStorage(
        opened.store(),
        opened.tables(),
        searches,
        published -> new GroupCommitWriter(opened.journal(), published),
        Optional.of(
            new Disk(vertx.createSharedWorkerExecutor("doppel-store-" + file, READERS), opened)));
  }

  /**
   * As {@link #inFile}, but creates no file.
   *
   * @throws StorageException as {@link #inFile} does, and if there is no file or nothing in it
   */
  public static MvStorage inExistingFile(Vertx vertx, Path file) {
    StoreFile.requireExisting(file);
    return inFile(vertx, file);
  }

  /**
   * @param writer creates the writer, given the action to run after each commit
   */
  private MvStorage(
      MVStore store,
      Tables tables,
      Workers searches,
      Function<Runnable, Writer> writer,
      Optional<Disk> disk) {
    this.store = store;
    this.searches = searches;
    this.tables = tables;
    this.disk = disk;
    stores = MvStores.of(tables, this, counts);
    newest = view();
    this.writer = writer.apply(this::publish);
  }

  /** Shows readers what has been changed. Called by one thread at a time. */
  private void publish() {
    var before = newest;
    newest = view();
    if (disk.isPresent()) {
      // If changes were taken back, the store has forgotten that somebody reads what was before.
      before.onRelease(hold());
    }
    before.leave();
  }

  /** What all tables hold now; with a file, its pages stay readable as long as somebody reads. */
  private View view() {
    return new View(tables.all(), disk.isEmpty() ? () -> {} : hold());
  }

  private Runnable hold() {
    var usage = store.registerVersionUsage();
    return () -> store.deregisterVersionUsage(usage);
  }

  @Override
  public <T> Future<T> read(Function<State, T> question) {
    if (disk.isPresent()) {
      return disk.get().readers.executeBlocking(() -> guarded(() -> readKept(question)), false);
    }
    try {
      return Future.succeededFuture(question.apply(newest));
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  @Override
  public <T> Future<T> search(Function<State, T> question) {
    return searches.run(
        limit -> guarded(() -> readKept(view -> question.apply(new Limited(view, limit)))));
  }

  private <T> T readKept(Function<State, T> question) {
    var view = newest;
    while (!view.enter()) {
      view = newest; // another one has replaced it
    }
    try {
      return question.apply(view);
    } finally {
      view.leave();
    }
  }

  Tables tables() {
    return tables;
  }

  @Override
  public <T> Future<T> write(Function<Change, T> change) {
    return writer.write(() -> guarded(() -> wholeOrNot(change)));
  }

  private static <T> T wholeOrNot(Function<Change, T> work) {
    var change = new Change();
    try {
      return work.apply(change);
    } catch (RuntimeException | Error thrown) {
      change.backTo(0);
      throw thrown;
    }
  }

  @Override
  public <T> Future<T> change(Function<Stores, Future<T>> work) {
    return write(
        change -> result(work.apply(MvStores.of(tables, new Access.Within(change), counts))));
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

  private static <T> T guarded(Supplier<T> work) {
    try {
      return work.get();
    } catch (MVStoreException | UncheckedIOException broken) {
      throw Failure.of(Reason.UNAVAILABLE, broken);
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

  /** By chance, so that one who opens it again hardly draws the ids of one who had it before. */
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
          if (!disk.map(on -> on.file.journal().hasRoom()).orElse(true)) {
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
          MvStores.of(tables, new Access.Within(change), counts).reindex();
          return null;
        });
  }

  @Override
  public Future<Snapshot> snapshot() {
    return write(change -> snapshots.add(moment()));
  }

  private Snapshots.Moment moment() {
    if (disk.isEmpty()) {
      store.commit();
      return new Snapshots.Version(store);
    }
    disk.get().file.journal().commit();
    return new Snapshots.Content(view(), tables.all());
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
        limit ->
            guarded(
                () ->
                    readKept(
                        view -> {
                          write(new Limited(view, limit), target);
                          return null;
                        })));
  }

  private void write(State state, Path target) {
    try {
      Backup.write(state, tables, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  /** Writes to the disk, so a worker does it. */
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
