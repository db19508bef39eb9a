package dev.doppel.integration;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Vendors;
import dev.doppel.dialect.Vendor;
import dev.doppel.store.MvStorage;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.testkit.ExchangeReplay;
import dev.doppel.testkit.ExchangeSet;
import dev.doppel.users.Storage;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recorded exchanges of every dialect, in every fidelity, over the stores that a dialect's own
 * tests leave out.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExchangeMatrixTest {

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  Path folder;

  private final Vertx vertx = Vertx.vertx();

  @AfterAll
  void stopVertx() {
    await(vertx.close());
  }

  @TestFactory
  List<DynamicContainer> exchanges() throws IOException {
    var all = new ArrayList<DynamicContainer>();
    for (var vendor : Vendors.builtIn()) {
      all.add(container(vendor, "file", this::newFile));
      all.add(container(vendor, "postgresql", () -> TestPostgres.newStorage(vertx)));
    }
    assertThat(all).hasSize(2 * Vendors.builtIn().size());
    return all;
  }

  private DynamicContainer container(Vendor<?> vendor, String store, Supplier<Storage> storages)
      throws IOException {
    var recorded =
        Path.of("..", "dialect-" + vendor.name(), "src", "test", "resources", "exchanges");
    var replay = new ExchangeReplay(vertx, ExchangeSet.read(recorded), vendor);
    return DynamicContainer.dynamicContainer(
        vendor.name() + " over " + store, replay.tests(store, storages));
  }

  private Storage newFile() {
    try {
      return MvStorage.inFile(
          vertx, Files.createTempDirectory(folder, "realm").resolve("users.db"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
