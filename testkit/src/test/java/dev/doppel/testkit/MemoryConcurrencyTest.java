package dev.doppel.testkit;

import dev.doppel.store.MvStorage;
import dev.doppel.users.Storage;

class MemoryConcurrencyTest extends ConcurrencyContract {

  @Override
  protected Storage open() {
    return MvStorage.inMemory();
  }
}
