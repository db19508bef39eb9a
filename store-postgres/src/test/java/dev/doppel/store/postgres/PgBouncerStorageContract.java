package dev.doppel.store.postgres;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.testkit.StorageContract;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Storage;
import dev.doppel.users.StorageException;
import dev.doppel.users.UserId;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Specifies the behavior of a storage through PgBouncer, and how it differs from others. */
abstract class PgBouncerStorageContract extends StorageContract {

  private final String mode;
  private Optional<PgBouncer> bouncer = Optional.empty();
  private String direct = "";

  /**
   * @param mode PgBouncer's {@code pool_mode}
   */
  PgBouncerStorageContract(String mode) {
    this.mode = mode;
  }

  @Override
  protected Storage open() {
    direct = TestPostgres.newUri();
    return await(openThrough(direct));
  }

  private Future<Storage> openThrough(String uri) {
    return PgStorage.open(vertx, PgAddress.parse(through(uri)), 4);
  }

  private String through(String uri) {
    if (bouncer.isEmpty()) {
      bouncer = Optional.of(PgBouncer.start(mode));
    }
    return bouncer.get().through(uri);
  }

  @AfterAll
  void stopBouncer() {
    PgBouncer.stop(bouncer);
  }

  @Override
  protected boolean supportsSnapshots() {
    return false;
  }

  @Test
  void snapshot_isNotSupported() {
    assertThat(reason(storage.snapshot())).isEqualTo(Reason.NOT_SUPPORTED);
  }

  /** The settings of one client must neither reach the next client nor be missing. */
  @Test
  void storagesOfSeveralSchemas_shareOnePgBouncer() {
    var others = IntStream.range(0, 3).mapToObj(i -> await(openThrough(TestPostgres.newUri())));
    var all = others.toList();
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < all.size(); i++) {
        addReferencesOnce(all.get(i), round);
        await(all.get(i).users().insert(user(10 + round, "bob" + i + round)));
      }
    }
    for (int i = 0; i < all.size(); i++) {
      var only = "bob" + i + "0";
      assertThat(await(all.get(i).users().find(new UserId(10))).name()).isEqualTo(only);
    }
    all.forEach(one -> await(one.close()));
  }

  private static void addReferencesOnce(Storage storage, int round) {
    if (round == 0) {
      addReferences(storage);
    }
  }

  @Test
  void settings_endWithTheTransaction() throws SQLException {
    await(storage.users().insert(user(10, "bob")));
    try (var on = TestPostgres.connection(through(direct).replace("&pgbouncer=true", ""));
        var statement = on.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT current_setting('lock_timeout'), current_setting('enable_seqscan')")) {
      rows.next();
      assertThat(List.of(rows.getString(1), rows.getString(2))).containsExactly("0", "on");
    }
  }

  @Test
  void update_isOverloaded_whileTheRowIsLocked() throws SQLException {
    await(storage.users().insert(user(10, "bob")));
    try (var on = TestPostgres.connection(direct);
        var statement = on.createStatement()) {
      on.setAutoCommit(false);
      statement.execute("SELECT 1 FROM users WHERE name = 'bob' FOR UPDATE");
      assertThat(reason(storage.users().update(new UserId(10), user -> user.withName("eve"))))
          .isEqualTo(Reason.OVERLOADED);
      on.rollback();
    }
    assertThat(await(storage.users().find(new UserId(10))).name()).isEqualTo("bob");
  }

  @Test
  void open_namesTheMissingParameter() {
    var without = through(direct).replace("pgbouncer=true", "");
    assertThatThrownBy(() -> await(PgStorage.open(vertx, PgAddress.parse(without), 2)))
        .isInstanceOf(StorageException.class)
        .hasMessageMatching("unsupported startup parameter: \\w+; add pgbouncer=true to the URI");
  }
}
