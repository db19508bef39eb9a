package dev.doppel.testkit;

import dev.doppel.store.MvStorage;
import dev.doppel.users.Storage;
import io.vertx.core.Vertx;

/** Stores over which a test runs that is about what happens at the same moment. */
public enum TestStore {
  MEMORY,
  POSTGRES;

  /** Opens a storage with nothing in it. */
  public Storage open(Vertx vertx) {
    return switch (this) {
      case MEMORY -> MvStorage.inMemory();
      case POSTGRES -> TestPostgres.newStorage(vertx);
    };
  }

  /**
   * Returns how often to repeat a race: more often where it is over quickly, and with {@code
   * -Ddoppel.rounds=100}, as the profile {@code reliability} has it.
   */
  public int rounds() {
    return Integer.getInteger("doppel.rounds", 3)
        * switch (this) {
          case MEMORY -> 30;
          case POSTGRES -> 5;
        };
  }
}
