package dev.doppel.testkit;

import dev.doppel.store.MvStorage;
import dev.doppel.users.Storage;

class MemoryBulkTest extends BulkContract {

  @Override
  protected Storage open() {
    return MvStorage.inMemory();
  }
}
