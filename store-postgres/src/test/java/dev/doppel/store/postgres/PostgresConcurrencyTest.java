package dev.doppel.store.postgres;

import static dev.doppel.testkit.Await.await;

import dev.doppel.testkit.ConcurrencyContract;
import dev.doppel.users.Storage;

class PostgresConcurrencyTest extends ConcurrencyContract {

  private String uri = "";

  @Override
  protected Storage open() {
    uri = TestPostgres.newUri();
    return openAnother();
  }

  private Storage openAnother() {
    return await(PgStorage.open(vertx, PgAddress.parse(uri), PgStorage.DEFAULT_CONNECTIONS));
  }

  @Override
  protected Storage openAnother(Storage storage) {
    return openAnother();
  }

  @Override
  protected boolean changesMayWait() {
    return true;
  }
}
