package dev.doppel.store.postgres;

import static dev.doppel.testkit.Await.await;

import dev.doppel.testkit.ConcurrencyContract;
import dev.doppel.users.Storage;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/** Specifies the behavior of concurrent clients of a storage through PgBouncer. */
abstract class PgBouncerConcurrencyContract extends ConcurrencyContract {

  private final String mode;
  private Optional<PgBouncer> bouncer = Optional.empty();
  private String uri = "";

  /**
   * @param mode PgBouncer's {@code pool_mode}
   */
  PgBouncerConcurrencyContract(String mode) {
    this.mode = mode;
  }

  @Override
  protected Storage open() {
    if (bouncer.isEmpty()) {
      bouncer = Optional.of(PgBouncer.start(mode));
    }
    uri = bouncer.get().through(TestPostgres.newUri());
    return openAnother();
  }

  private Storage openAnother() {
    return await(PgStorage.open(vertx, PgAddress.parse(uri), PgStorage.DEFAULT_CONNECTIONS));
  }

  @Override
  protected Storage openAnother(Storage storage) {
    return openAnother();
  }

  @Override
  protected boolean changesMayWait() {
    return true;
  }

  @AfterAll
  void stopBouncer() {
    PgBouncer.stop(bouncer);
  }
}
