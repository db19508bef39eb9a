package dev.doppel.integration;

import static dev.doppel.testkit.Await.await;

import dev.doppel.store.MvStorage;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStorage;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.testkit.TestStore;
import dev.doppel.users.Storage;
import io.vertx.core.Vertx;

/** The stores on which tests of concurrent requests run. */
public enum StoreKind implements TestStore {
  MEMORY(30) {
    @Override
    public Storage open(Vertx vertx) {
      return MvStorage.inMemory();
    }

    @Override
    public Pair openTwice(Vertx vertx) {
      var storage = open(vertx);
      return new Pair(storage, storage);
    }
  },
  POSTGRES(5) {
    @Override
    public Storage open(Vertx vertx) {
      return TestPostgres.newStorage(vertx);
    }

    @Override
    public Pair openTwice(Vertx vertx) {
      var address = PgAddress.parse(TestPostgres.newUri());
      return new Pair(
          await(PgStorage.open(vertx, address, PgStorage.DEFAULT_CONNECTIONS)),
          await(PgStorage.open(vertx, address, PgStorage.DEFAULT_CONNECTIONS)));
    }
  };

  private final int repetitions;

  StoreKind(int repetitions) {
    this.repetitions = repetitions;
  }

  /**
   * Returns how often to repeat a race: a number that is higher for a faster store, times the
   * system property {@code doppel.rounds}, which is 3 by default and 100 in the profile {@code
   * reliability}.
   */
  public int rounds() {
    return Integer.getInteger("doppel.rounds", 3) * repetitions;
  }
}
