package dev.doppel.store.postgres;

class PgBouncerTransactionStorageTest extends PgBouncerStorageContract {

  PgBouncerTransactionStorageTest() {
    super("transaction");
  }
}
