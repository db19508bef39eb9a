package dev.doppel.testkit;

import dev.doppel.users.Storage;
import io.vertx.core.Vertx;

/** A kind of store for tests of concurrent requests. */
public interface TestStore {

  /** Opens an empty storage. */
  Storage open(Vertx vertx);

  /** Opens one empty storage for two gateways. */
  Pair openTwice(Vertx vertx);

  /**
   * One storage, opened for two gateways.
   *
   * @param second the same object as {@code first} where only one process can open the storage
   */
  record Pair(Storage first, Storage second) {}
}
