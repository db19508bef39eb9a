package dev.doppel.testkit;

import dev.doppel.users.Storage;
import io.vertx.core.Vertx;

/** A kind of store over which a test runs that is about what happens at the same moment. */
public interface TestStore {

  /** Opens an empty storage. */
  Storage open(Vertx vertx);

  /** Opens one empty storage twice, as two gateways do. */
  Pair openTwice(Vertx vertx);

  /**
   * One storage as two gateways see it.
   *
   * @param second the same object as {@code first} where one process holds the storage
   */
  record Pair(Storage first, Storage second) {}
}
