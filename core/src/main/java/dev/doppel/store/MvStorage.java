package dev.doppel.store;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Ids;
import dev.doppel.users.OrganizationStore;
import dev.doppel.users.RoleStore;
import dev.doppel.users.Storage;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * Keeps everything in H2's MVStore: in memory, or in one file.
 *
 * <p>In memory, calls are done when they return. With a file, a change is acknowledged after it has
 * been synced to disk, together with those that came at the same time, and reads run on workers,
 * for they may have to wait for the disk.
 */
public final class MvStorage implements Storage {

  /** Layout of the maps below; a store that says another number is not ours to touch. */
  private static final String FORMAT = "5";

  /**
   * These lack indexes and properties of users, tokens and organizations, and are brought up to
   * date.
   */
  private static final Set<String> OLDER_FORMATS = Set.of("2", "3", "4");

  private static final String UNUSABLE = " can't be opened for reading and writing";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int READERS = 4;
  private static final int CACHE_MB = 64;

  private final MVStore store;
  private final List<MVMap<?, ?>> maps = new ArrayList<>();
  private final Writer writer;
  private final Optional<Disk> disk;
  private final MvUserStore users;
  private final MvTokenStore tokens;
  private final MvRoleStore roles;
  private final MvOrganizationStore organizations;

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
    return new MvStorage(store, new DirectWriter(), Optional.empty());
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
      var storage =
          new MvStorage(
              store, new GroupCommitWriter(journal), Optional.of(new Disk(readers, journal, seal)));
      if (!FORMAT.equals(format)) {
        storage.users.reindex();
        storage.organizations.freeSystem();
        storage.tokens.adopt(storage.users);
      }
      header.put("format", FORMAT);
      store.commit();
      store.sync();
      return storage;
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

  private MvStorage(MVStore store, Writer writer, Optional<Disk> disk) {
    this.store = store;
    this.writer = writer;
    this.disk = disk;
    users = new MvUserStore(this);
    tokens = new MvTokenStore(this);
    roles = new MvRoleStore(this, users);
    organizations = new MvOrganizationStore(this, users);
  }

  <V> MVMap<String, V> byName(String map, DataType<V> values) {
    return open(map, StringDataType.INSTANCE, values);
  }

  <V> MVMap<Long, V> byId(String map, DataType<V> values) {
    return open(map, LongDataType.INSTANCE, values);
  }

  <K, V> MVMap<K, V> open(String map, DataType<K> keys, DataType<V> values) {
    MVMap<K, V> opened =
        store.openMap(map, new MVMap.Builder<K, V>().keyType(keys).valueType(values));
    maps.add(opened);
    return opened;
  }

  /** Keys sort as signed; flipping the first bit makes that the unsigned order of ids. */
  static long key(long id) {
    return id ^ Long.MIN_VALUE;
  }

  <T> Future<T> read(Supplier<T> question) {
    if (disk.isPresent()) {
      return disk.get().readers.executeBlocking(() -> guarded(question), false);
    }
    try {
      return Future.succeededFuture(guarded(question));
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  <T> Future<T> write(Supplier<T> change) {
    return writer.write(() -> guarded(change));
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
    return users;
  }

  @Override
  public TokenStore tokens() {
    return tokens;
  }

  @Override
  public RoleStore roles() {
    return roles;
  }

  @Override
  public OrganizationStore organizations() {
    return organizations;
  }

  /** Nobody shares it. */
  @Override
  public <T> Future<T> exclusively(Supplier<Future<T>> work) {
    return work.get();
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
        () -> {
          if (!disk.map(on -> on.journal.hasRoom()).orElse(true)) {
            throw Failure.of(Reason.UNAVAILABLE);
          }
          return null;
        });
  }

  @Override
  public Future<Void> clear() {
    return write(
        () -> {
          maps.forEach(MVMap::clear);
          return null;
        });
  }

  @Override
  public Future<Snapshot> snapshot() {
    return write(
        () -> {
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
        () -> {
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
