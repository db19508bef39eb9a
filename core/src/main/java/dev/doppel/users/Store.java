package dev.doppel.users;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Optional;

/** A place where users are kept, not opened yet. Immutable; prints as its URI without secrets. */
public interface Store {

  /** Returns whether the contents outlive the process. */
  boolean isPersistent();

  /**
   * Opens the store and creates what is missing. Blocks; call on a worker. Fails with {@link
   * StorageException} if the store can't be opened, or with UNAVAILABLE if a later attempt may
   * succeed.
   */
  Future<Storage> open(Vertx vertx);

  /**
   * Opens a store that exists and creates nothing. Blocks; call on a worker. Fails as {@link #open}
   * does, and with {@link StorageException} if there is no store.
   *
   * @throws IllegalArgumentException if such a store never exists before it is opened
   */
  Future<Storage> openExisting(Vertx vertx);

  /**
   * Returns the store that a dialect has for itself beside this one's other dialects; empty if this
   * kind of store can't be divided.
   *
   * @param dialect lower-case letters, digits and hyphens
   */
  default Optional<Store> ofDialect(String dialect) {
    return Optional.empty();
  }

  /** Returns whether other processes share the store, so that it may start later than this one. */
  default boolean isShared() {
    return false;
  }

  /** Returns the directory of the store's file; empty if it isn't in a file. */
  default Optional<Path> directory() {
    return Optional.empty();
  }

  /** Returns what failed, in a few words without secrets, if a later attempt may succeed. */
  default Optional<String> outage(Throwable thrown) {
    return Optional.empty();
  }

  /** Returns the name of the store for log lines, without secrets. */
  default String description() {
    return toString();
  }
}
