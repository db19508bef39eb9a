package com.example;

import dev.doppel.Doppel;

/** A fixture for the tests of other modules. */
public final class Users {

  private Users() {}

  public static void createAnn(Doppel doppel) {
    doppel.seed().user("ann").password("P@ssw0rd1").put();
  }
}
