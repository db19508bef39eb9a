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

/** Names of the maximum length, and longer ones. */
class KeyLengthTest {

  /** Limit of names and e-mail addresses, in bytes. */
  private static final int MAX_LENGTH = 32_768;

  /** Number of characters that every store accepts, even if they cannot be compressed. */
  private static final int SAFE_LENGTH = 1_024;

  /** Returns a random text, which an index cannot compress. */
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
  void names_areFoundOrRejected(StoreKind store) {
    var vertx = Vertx.vertx();
    var test = TestRealm.over(vertx, store.open(vertx));
    var users = test.realm().users().by(Authority.SERVER);
    for (var longest : new String[] {"\ud800".repeat(MAX_LENGTH / 3), "n".repeat(MAX_LENGTH)}) {
      var user = await(users.create(NewUser.named(longest)));
      assertThat(await(test.realm().users().find(longest))).isEqualTo(user);
      assertTooLong("name", users.create(NewUser.named(longest + "xyz")));
      assertTooLong("name", users.update(user.id(), one -> one.withName(longest + "xyz")));
      assertTooLong("name", test.realm().organizations().create(longest + "xyz", ""));
      var organization = await(test.realm().organizations().create(longest, ""));
      assertTooLong(
          "name",
          test.realm()
              .organizations()
              .update(Authority.SERVER, organization.id(), one -> one.withName(longest + "xyz")));
    }
    assertTooLong(
        "e-mail address",
        users.create(NewUser.named("ann").withEmail("n".repeat(MAX_LENGTH) + "@example.com")));
    var reservedName = "root" + "@doppel.invalid".repeat(16) + "@acme";
    var reserved =
        await(
            users
                .create(NewUser.named(reservedName))
                .transform(done -> Future.succeededFuture(Failure.from(done.cause()))));
    assertThat(reserved.reason()).isEqualTo(Reason.INVALID_VALUE);
    var safe = text(SAFE_LENGTH);
    var user = await(users.create(NewUser.named(safe)));
    assertThat(await(test.realm().users().find(safe))).isEqualTo(user);
    var dense = text(MAX_LENGTH);
    if (store == StoreKind.POSTGRES) {
      var rejected =
          await(
              users
                  .create(NewUser.named(dense))
                  .transform(done -> Future.succeededFuture(Failure.from(done.cause()))));
      assertThat(rejected.reason()).isEqualTo(Reason.INVALID_VALUE);
      assertThat(rejected.subject()).isPresent();
    } else {
      assertThat(await(users.create(NewUser.named(dense))).name()).isEqualTo(dense);
    }
    test.close();
    await(vertx.close());
  }
}
