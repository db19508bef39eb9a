package dev.doppel.testkit;

class PgBouncerSessionConcurrencyTest extends PgBouncerConcurrencyContract {

  PgBouncerSessionConcurrencyTest() {
    super("session");
  }
}
