package dev.doppel.store.postgres;

import dev.doppel.users.Storage;
import dev.doppel.users.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * A store in a PostgreSQL database, which any number of processes share. Immutable.
 *
 * @param connections maximum number of connections for changes, and as many again for lists; at
 *     least 2
 */
public record PgStore(PgAddress address, int connections) implements Store {

  private static final int MIN_CONNECTIONS = 2;

  /**
   * @throws IllegalArgumentException if there are fewer than two connections
   */
  public PgStore {
    if (connections < MIN_CONNECTIONS) {
      throw new IllegalArgumentException(
          "connections " + connections + ": must be at least " + MIN_CONNECTIONS);
    }
  }

  @Override
  public boolean isPersistent() {
    return true;
  }

  @Override
  public Future<Storage> open(Vertx vertx) {
    return PgStorage.open(vertx, address, connections);
  }

  @Override
  public Future<Storage> openExisting(Vertx vertx) {
    return PgStorage.openExisting(vertx, address, connections);
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
