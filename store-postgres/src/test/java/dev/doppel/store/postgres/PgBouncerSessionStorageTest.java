package dev.doppel.store.postgres;

class PgBouncerSessionStorageTest extends PgBouncerStorageContract {

  PgBouncerSessionStorageTest() {
    super("session");
  }
}
