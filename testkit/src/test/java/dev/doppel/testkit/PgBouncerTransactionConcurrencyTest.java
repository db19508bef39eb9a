package dev.doppel.testkit;

class PgBouncerTransactionConcurrencyTest extends PgBouncerConcurrencyContract {

  PgBouncerTransactionConcurrencyTest() {
    super("transaction");
  }
}
