package dev.doppel.testkit;

class PgBouncerSessionStorageTest extends PgBouncerStorageContract {

  PgBouncerSessionStorageTest() {
    super("session");
  }
}
