package dev.doppel.testkit;

class PgBouncerTransactionStorageTest extends PgBouncerStorageContract {

  PgBouncerTransactionStorageTest() {
    super("transaction");
  }
}
