package dev.doppel.users;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

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
}
