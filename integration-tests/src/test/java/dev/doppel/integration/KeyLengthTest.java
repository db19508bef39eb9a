package dev.doppel.integration;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.testkit.TestRealm;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.NewUser;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names as long as they may be, and longer. */
class KeyLengthTest {

  private static final int LIMIT = 32_768;

  /** What every store takes, whatever it consists of. */
  private static final int SAFE = 1_024;

  /** What an index can't compress. */
  private static String text(int length) {
    return new Random(length)
        .ints(length, 'a', 'z' + 1)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private static void assertTooLong(String field, Future<?> call) {
    var failure = Failure.from(await(call.transform(done -> Future.succeededFuture(done.cause()))));
    assertThat(failure.reason()).isEqualTo(Reason.INVALID_VALUE);
    assertThat(failure.subject()).contains(field + " is longer than 32768 bytes");
  }

  @ParameterizedTest
  @EnumSource
  void names_areFoundOrRefused(StoreKind store) {
    var vertx = Vertx.vertx();
    var made = TestRealm.over(vertx, store.open(vertx));
    var users = made.realm().users().by(Authority.SERVER);
    for (var longest : new String[] {"\ud800".repeat(LIMIT / 3), "n".repeat(LIMIT)}) {
      var user = await(users.create(NewUser.named(longest)));
      assertThat(await(made.realm().users().find(longest))).isEqualTo(user);
      assertTooLong("name", users.create(NewUser.named(longest + "xyz")));
      assertTooLong("name", users.update(user.id(), one -> one.withName(longest + "xyz")));
      assertTooLong("name", made.realm().organizations().create(longest + "xyz", ""));
      var organization = await(made.realm().organizations().create(longest, ""));
      assertTooLong(
          "name",
          made.realm()
              .organizations()
              .update(Authority.SERVER, organization.id(), one -> one.withName(longest + "xyz")));
    }
    assertTooLong(
        "e-mail address",
        users.create(NewUser.named("ann").withEmail("n".repeat(LIMIT) + "@example.com")));
    var hiding = "root" + "@doppel.invalid".repeat(16) + "@acme";
    var reserved =
        await(
            users
                .create(NewUser.named(hiding))
                .transform(done -> Future.succeededFuture(Failure.from(done.cause()))));
    assertThat(reserved.reason()).isEqualTo(Reason.INVALID_VALUE);
    var safe = text(SAFE);
    var user = await(users.create(NewUser.named(safe)));
    assertThat(await(made.realm().users().find(safe))).isEqualTo(user);
    var dense = text(LIMIT);
    if (store == StoreKind.POSTGRES) {
      var refused =
          await(
              users
                  .create(NewUser.named(dense))
                  .transform(done -> Future.succeededFuture(Failure.from(done.cause()))));
      assertThat(refused.reason()).isEqualTo(Reason.INVALID_VALUE);
      assertThat(refused.subject()).isPresent();
    } else {
      assertThat(await(users.create(NewUser.named(dense))).name()).isEqualTo(dense);
    }
    made.close();
    await(vertx.close());
  }
}
