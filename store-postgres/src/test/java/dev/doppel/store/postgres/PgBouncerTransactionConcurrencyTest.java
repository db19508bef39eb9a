package dev.doppel.store.postgres;

class PgBouncerTransactionConcurrencyTest extends PgBouncerConcurrencyContract {

  PgBouncerTransactionConcurrencyTest() {
    super("transaction");
  }
}
