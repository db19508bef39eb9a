package dev.doppel.store.postgres;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.users.StorageException;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PgStoreTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void openExisting_failsBeforeTheStoreIsOpened_andOpensItAfterwards() {
    var store = new PgStore(PgAddress.parse(TestPostgres.newUri()), 2);
    assertThatThrownBy(() -> await(store.openExisting(vertx)))
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith("there is no store in schema");
    var created = await(store.open(vertx));
    var existing = await(store.openExisting(vertx));
    await(existing.ping());
    await(created.close());
    await(existing.close());
  }

  @Test
  void toString_isTheUriWithoutSecretsAndParameters() {
    var address = PgAddress.parse("postgresql://me:secret@db.example:5433/users?sslmode=require");
    var store = new PgStore(address, 4);
    assertThat(store).hasToString("postgresql://db.example:5433/users");
    assertThat(store.isPersistent()).isTrue();
  }

  @Test
  void create_refusesFewerThanTwoConnections() {
    var address = PgAddress.parse("postgresql://me@db.example/users");
    assertThatThrownBy(() -> new PgStore(address, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("connections 1: must be at least 2");
  }
}
