package dev.doppel.store.postgres;

class PgBouncerSessionConcurrencyTest extends PgBouncerConcurrencyContract {

  PgBouncerSessionConcurrencyTest() {
    super("session");
  }
}
