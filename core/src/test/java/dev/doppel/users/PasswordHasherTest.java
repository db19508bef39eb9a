package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.password4j.BcryptFunction;
import com.password4j.CompressedPBKDF2Function;
import com.password4j.ScryptFunction;
import com.password4j.types.Bcrypt;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PasswordHasherTest {

  private final Vertx vertx = Vertx.vertx();
  private final Password password = new Password("correct horse é 😀");

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw (RuntimeException) e.getCause();
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private PasswordHasher hasher(HashScheme scheme) {
    return new PasswordHasher(vertx, scheme, 2, 10);
  }

  @ParameterizedTest
  @EnumSource
  void matches_whatItHashed(HashScheme scheme) {
    var hasher = hasher(scheme);
    var hash = await(hasher.hash(password));
    assertThat(await(hasher.matches(password, Optional.of(hash)))).isTrue();
    assertThat(await(hasher.matches(new Password("wrong"), Optional.of(hash)))).isFalse();
    assertThat(await(hasher.matches(password, Optional.empty()))).isFalse();
    assertThat(hasher.outdated(hash)).isFalse();
    assertThat(await(hasher.hash(password))).isNotEqualTo(hash);
  }

  @Test
  void argon2id_hasOwaspParameters() {
    assertThat(await(hasher(HashScheme.ARGON2ID).hash(password)).encoded())
        .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
  }

  @Test
  void matches_hashesOfOtherAlgorithms_whichAreOutdated() {
    var hasher = hasher(HashScheme.FAST);
    for (var function :
        new com.password4j.HashingFunction[] {
          BcryptFunction.getInstance(Bcrypt.B, 4),
          BcryptFunction.getInstance(Bcrypt.A, 5),
          ScryptFunction.getInstance(1024, 8, 1),
          CompressedPBKDF2Function.getInstance("SHA256", 1000, 256),
          CompressedPBKDF2Function.getInstance("SHA512", 64, 512),
        }) {
      var hash =
          new PasswordHash(
              com.password4j.Password.hash(password.clearText()).with(function).getResult());
      assertThat(HashScheme.knows(hash)).as(hash.encoded()).isTrue();
      assertThat(await(hasher.matches(password, Optional.of(hash)))).as(hash.encoded()).isTrue();
      assertThat(await(hasher.matches(new Password("wrong"), Optional.of(hash)))).isFalse();
      assertThat(hasher.outdated(hash)).isTrue();
    }
  }

  /** So that it takes as long to tell that nobody has a name as that a password is wrong. */
  @Test
  void nobodysHash_costsWhatAnyOtherCosts() {
    for (var scheme : HashScheme.values()) {
      assertThat(scheme.made(scheme.nobodys())).isTrue();
      assertThat(scheme.nobodys().encoded()).hasSameSizeAs(scheme.hash(password).encoded());
      assertThat(await(hasher(scheme).matches(password, Optional.empty()))).isFalse();
    }
  }

  /** Whoever hands us hashes must not be able to keep the workers, or the memory, for long. */
  @Test
  void knows_nothingThatTakesTooMuch() {
    var salted = "$ulwv260aPQ+HlWjgAGtz+A$GtjhWO3sCN7nzxVxbWdEj8FWaux2IIcb5tL4mzuC8iA";
    for (var text :
        new String[] {
          "$argon2id$v=19$m=2147483647,t=2,p=1" + salted,
          "$argon2id$v=19$m=262145,t=2,p=1" + salted,
          "$argon2id$v=19$m=19456,t=33,p=1" + salted,
          "$argon2id$v=19$m=19456,t=2,p=17" + salted,
          "$argon2id$v=19$m=99999999999999999999,t=2,p=1" + salted,
          "$2b$17$nOUIs5kJ7naTuTFkBy1veuK0kSxUFXfuaOKdOKf9xYT0KKIGSJwFa",
          "$1e0801$c2FsdHNhbHRzYWx0c2FsdA==$c2FsdHNhbHRzYWx0c2FsdA==",
          "$3$42949677254967552$wdbsIpBwS0tTzWNxCxo/Tw==$8g9UOs1k41pd3EvVKRv5RuI7KGdTlLUe89FlzwuVvSg="
        }) {
      assertThat(HashScheme.knows(new PasswordHash(text))).as(text).isFalse();
    }
    assertThat(HashScheme.knows(new PasswordHash("$argon2id$v=19$m=65536,t=3,p=4" + salted)))
        .isTrue();
  }

  @Test
  void knows_noOtherText() {
    for (var text : new String[] {"", "secret", "$", "$9$x", "$argon2id$broken", "$2b$10$short"}) {
      assertThat(HashScheme.knows(new PasswordHash(text))).as(text).isFalse();
    }
  }

  @Test
  void work_beyondTheQueueIsRefusedAtOnce() {
    var hasher = new PasswordHasher(vertx, HashScheme.ARGON2ID, 1, 2);
    var all = new ArrayList<Future<PasswordHash>>();
    for (int i = 0; i < 10; i++) {
      all.add(hasher.hash(password));
    }
    assertThat(all.subList(3, 10)).allMatch(Future::failed);
    assertThatThrownBy(() -> await(all.get(9)))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.reason()).isEqualTo(Reason.OVERLOADED));
    all.subList(0, 3).forEach(PasswordHasherTest::await);
    assertThat(await(hasher.hash(password))).isNotNull();
  }

  @Test
  void secrets_neverPrintThemselves() {
    var hash = await(hasher(HashScheme.FAST).hash(password));
    assertThat(password.toString() + hash + TokenHash.of("token"))
        .doesNotContain(password.clearText(), hash.encoded(), TokenHash.of("token").hex());
  }
}
