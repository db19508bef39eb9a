package dev.doppel.testkit;

import dev.doppel.users.Storage;

class PostgresStorageTest extends StorageContract {

  @Override
  protected Storage open() {
    return TestPostgres.newStorage(vertx);
  }
}
