package dev.doppel.testkit;

import dev.doppel.store.MvStorage;
import dev.doppel.users.Storage;

class MemoryStorageTest extends StorageContract {

  @Override
  protected Storage open() {
    return MvStorage.inMemory();
  }
}
