package dev.doppel.store;

import dev.doppel.users.Storage;
import dev.doppel.users.StorageException;
import dev.doppel.users.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** A store in memory or in one file, which one process at a time can open. Immutable. */
public final class MvStore implements Store {

  private static final MvStore MEMORY = new MvStore(Optional.empty());

  private final Optional<Path> path;

  private MvStore(Optional<Path> path) {
    this.path = path;
  }

  /** Returns a store in memory. Each time it is opened it is a new one, which ends when closed. */
  public static MvStore memory() {
    return MEMORY;
  }

  /** Returns the store in a file, which need not exist yet. */
  public static MvStore file(Path path) {
    return new MvStore(Optional.of(path));
  }

  /** Returns the file that the store is in; empty for a store in memory. */
  public Optional<Path> path() {
    return path;
  }

  @Override
  public boolean isPersistent() {
    return path.isPresent();
  }

  @Override
  public Future<Storage> open(Vertx vertx) {
    return attempt(
        () ->
            path.map(file -> MvStorage.inFile(vertx, file)).orElseGet(() -> MvStorage.inMemory()));
  }

  @Override
  public Future<Storage> openExisting(Vertx vertx) {
    var file =
        path.orElseThrow(() -> new IllegalArgumentException("a store in memory is always new"));
    return attempt(() -> MvStorage.inExistingFile(vertx, file));
  }

  /** Returns {@code file:PATH.DIALECT} for {@code file:PATH}, and a store in memory as it is. */
  @Override
  public Optional<Store> ofDialect(String dialect) {
    return Optional.of(
        path.map(file -> file(file.resolveSibling(file.getFileName() + "." + dialect)))
            .orElse(this));
  }

  @Override
  public Optional<Path> directory() {
    return path.map(file -> file.toAbsolutePath().resolveSibling(""));
  }

  private static Future<Storage> attempt(Supplier<Storage> opening) {
    try {
      return Future.succeededFuture(opening.get());
    } catch (StorageException e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MvStore store && path.equals(store.path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return path.map(file -> "file:" + file).orElse("memory:");
  }
}
