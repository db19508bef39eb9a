package dev.doppel.store.postgres;

import static dev.doppel.testkit.Await.await;

import dev.doppel.testkit.BulkContract;
import dev.doppel.users.Storage;

class PostgresBulkTest extends BulkContract {

  @Override
  protected Storage open() {
    var address = PgAddress.parse(TestPostgres.newUri());
    return await(PgStorage.open(vertx, address, PgStorage.DEFAULT_CONNECTIONS));
  }
}
