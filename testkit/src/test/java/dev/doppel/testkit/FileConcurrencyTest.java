package dev.doppel.testkit;

import dev.doppel.store.MvStorage;
import dev.doppel.users.Storage;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileConcurrencyTest extends ConcurrencyContract {

  @TempDir Path folder;
  private int storages;

  @Override
  protected Storage open() {
    return MvStorage.inFile(vertx, folder.resolve("store" + storages++ + ".db"));
  }
}
