package dev.doppel.store;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Ids;
import dev.doppel.users.OrganizationStore;
import dev.doppel.users.RoleStore;
import dev.doppel.users.Storage;
import dev.doppel.users.Stores;
import dev.doppel.users.TokenStore;
import dev.doppel.users.UserStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.h2.mvstore.DataUtils;
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

  /** Layout of the maps below; a store that says another number is not ours to touch. */
  private static final String FORMAT = "6";

  /** These lack indexes, and are brought up to date. */
  private static final Set<String> OLDER_FORMATS = Set.of("2", "3", "4", "5");

  /** These lack properties of users, tokens and organizations, too. */
  private static final Set<String> WITHOUT_AUTHORITY = Set.of("2", "3", "4");

  private static final String UNUSABLE = " can't be opened for reading and writing";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int READERS = 4;
  private static final int CACHE_MB = 64;

  private final MVStore store;
  private final Tables tables;
  private final Writer writer;
  private final Optional<Disk> disk;
  private final PassingCounts counts = new PassingCounts();
  private final MvStores stores;
  private volatile View newest;

  /** Touched by changes alone, of which there is one at a time. */
  private final NavigableMap<Snapshot, Kept> snapshots =
      new TreeMap<>(Comparator.comparing(Snapshot::number));

  private long lastSnapshot;

  /** What a store in a file has besides. */
  private record Disk(WorkerExecutor readers, FileJournal journal, Seal seal) {}

  /** A version of the store that must not be tidied away. */
  private record Kept(long version, MVStore.TxCounter usage) {}

  /** A store that is gone when it is closed. */
  public static MvStorage inMemory() {
    var store = new MVStore.Builder().autoCommitDisabled().open();
    return new MvStorage(store, new Tables(store), DirectWriter::new, Optional.empty());
  }

  /**
   * A store in a file, which is made if it is missing. One process at a time can open it.
   *
   * @throws Unopenable if another process has it open, it is no store, or it can't be read or
   *     written
   */
  public static MvStorage inFile(Vertx vertx, Path file) {
    var isNew = !Files.exists(file);
    try {
      if (isNew) {
        Seal.remove(file);
      } else {
        Seal.verify(file);
      }
      var store =
          new MVStore.Builder()
              .fileName(file.toString())
              .autoCommitDisabled()
              .autoCommitBufferSize(0) // or a large change would be committed half-way
              .cacheSize(CACHE_MB)
              .open();
      var header = store.<String, String>openMap("doppel");
      var format = isNew ? FORMAT : header.get("format");
      if (!FORMAT.equals(format) && (format == null || !OLDER_FORMATS.contains(format))) {
        store.closeImmediately();
        throw new Unopenable(
            file + " is no store of this version of Doppel", new IllegalStateException());
      }
      var seal = seal(store, file);
      var journal = new FileJournal(store, file, seal);
      var readers = vertx.createSharedWorkerExecutor("doppel-store-" + file, READERS);
      var tables = new Tables(store);
      if (!FORMAT.equals(format)) {
        bringUpToDate(tables, WITHOUT_AUTHORITY.contains(format));
      }
      header.put("format", FORMAT);
      store.commit();
      store.sync();
      return new MvStorage(
          store,
          tables,
          published -> new GroupCommitWriter(journal, published),
          Optional.of(new Disk(readers, journal, seal)));
    } catch (MVStoreException e) {
      throw new Unopenable(why(file, e), e);
    } catch (IllegalArgumentException e) {
      throw new Unopenable(file + " is in a folder that doesn't exist", e);
    } catch (IOException e) {
      throw new Unopenable(file + UNUSABLE, e);
    }
  }

  /**
   * As {@link #inFile}, but creates no file.
   *
   * @throws Unopenable as {@link #inFile} does, and if there is no file or nothing in it
   */
  public static MvStorage inExistingFile(Vertx vertx, Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new Unopenable(file + " doesn't exist", new IllegalStateException());
      }
      if (Files.size(file) == 0) {
        throw new Unopenable(file + " is empty", new IllegalStateException());
      }
    } catch (IOException e) {
      throw new Unopenable(file + UNUSABLE, e);
    }
    return inFile(vertx, file);
  }

  private static Seal seal(MVStore store, Path file) throws IOException {
    try {
      return Seal.open(file, store.getCurrentVersion());
    } catch (IOException | Unopenable e) {
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

  /** Whose calls are part of one change, or each one by itself. */
  private record MvStores(
      Access access,
      MvUserStore users,
      MvTokenStore tokens,
      MvRoleStore roles,
      MvOrganizationStore organizations,
      Tables tables)
      implements Stores {

    @Override
    public Future<Optional<String>> note(String name) {
      return access.read(state -> Optional.ofNullable(state.get(tables.notes, name)));
    }

    @Override
    public Future<Void> keepNote(String name, Optional<String> text) {
      return access.write(
          change -> {
            text.ifPresentOrElse(
                kept -> change.put(tables.notes, name, kept),
                () -> change.remove(tables.notes, name));
            return null;
          });
    }

    @Override
    public Future<Void> clear() {
      return access.write(
          change -> {
            tables.all().forEach(change::clear);
            return null;
          });
    }
  }

  /**
   * @param writer creates the writer, given the action to run after each commit
   */
  private MvStorage(
      MVStore store, Tables tables, Function<Runnable, Writer> writer, Optional<Disk> disk) {
    this.store = store;
    this.tables = tables;
    this.disk = disk;
    stores = stores(tables, this, counts);
    newest = view();
    this.writer = writer.apply(this::publish);
  }

  private static MvStores stores(Tables tables, Access access, PassingCounts counts) {
    var users = new MvUserStore(tables, access, counts);
    return new MvStores(
        access,
        users,
        new MvTokenStore(tables, access),
        new MvRoleStore(tables, access, users),
        new MvOrganizationStore(tables, access, users),
        tables);
  }

  private static void bringUpToDate(Tables tables, boolean withoutAuthority) {
    var within = stores(tables, new Access.Within(new Change()), new PassingCounts());
    reindex(within);
    if (withoutAuthority) {
      within.organizations.removeOwnersOfSystem();
      within.tokens.addOwners(within.users);
    }
  }

  private static void reindex(MvStores within) {
    within.users.reindex();
    within.tokens.reindex();
    within.organizations.reindex();
  }

  /** Shows readers what has been changed. Called by one thread at a time. */
  private void publish() {
    var before = newest;
    newest = view();
    before.leave();
  }

  /** What all tables hold now; with a file, its pages stay readable as long as somebody reads. */
  private View view() {
    if (disk.isEmpty()) {
      return new View(tables.all(), () -> {});
    }
    var usage = store.registerVersionUsage();
    return new View(tables.all(), () -> store.deregisterVersionUsage(usage));
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
    return write(change -> result(work.apply(stores(tables, new Access.Within(change), counts))));
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
    return stores.users;
  }

  @Override
  public TokenStore tokens() {
    return stores.tokens;
  }

  @Override
  public RoleStore roles() {
    return stores.roles;
  }

  @Override
  public OrganizationStore organizations() {
    return stores.organizations;
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
          if (!disk.map(on -> on.journal.hasRoom()).orElse(true)) {
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
  public Future<Void> keepNote(String name, Optional<String> text) {
    return stores.keepNote(name, text);
  }

  @Override
  public Future<Void> clear() {
    return stores.clear();
  }

  @Override
  public Future<Void> reindex() {
    return write(
        change -> {
          reindex(stores(tables, new Access.Within(change), counts));
          return null;
        });
  }

  @Override
  public Future<Snapshot> snapshot() {
    return write(
        change -> {
          disk.ifPresentOrElse(on -> on.journal.commit(), store::commit);
          var snapshot = new Snapshot(++lastSnapshot);
          snapshots.put(
              snapshot, new Kept(store.getCurrentVersion(), store.registerVersionUsage()));
          return snapshot;
        });
  }

  @Override
  public Future<Void> restore(Snapshot snapshot) {
    return write(
        change -> {
          var kept = snapshots.get(snapshot);
          if (kept == null) {
            throw new IllegalArgumentException("there is no snapshot " + snapshot.number());
          }
          disk.ifPresent(on -> on.seal.version(kept.version()));
          store.rollbackTo(kept.version());
          var later = snapshots.tailMap(snapshot, false);
          later.values().forEach(forgotten -> store.deregisterVersionUsage(forgotten.usage()));
          later.clear();
          return null;
        });
  }

  @Override
  public Future<Void> close() {
    return writer.close().compose(done -> disk.map(this::closeFile).orElseGet(this::closeMemory));
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
              store.close();
              disk.seal.closed();
              return null;
            },
            false)
        .eventually(disk.readers::close);
  }
}
