package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.passwords.UnsupportedHashException;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
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
  void matches_acceptsOnlyTheHashedPassword(HashScheme scheme) {
    var hasher = hasher(scheme);
    var hash = await(hasher.hash(password));
    assertThat(await(hasher.matches(password, Optional.of(hash)))).isTrue();
    assertThat(await(hasher.matches(new Password("wrong"), Optional.of(hash)))).isFalse();
    assertThat(await(hasher.matches(password, Optional.empty()))).isFalse();
    assertThat(hasher.shouldReplace(hash, password)).isFalse();
    assertThat(await(hasher.hash(password))).isNotEqualTo(hash);
  }

  @Test
  void argon2id_usesOwaspParameters() {
    assertThat(await(hasher(HashScheme.ARGON2ID).hash(password)).encoded())
        .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
  }

  /** So that an unknown name takes as long as a wrong password. */
  @Test
  void dummyHash_costsAsMuchAsOtherHashes() {
    for (var scheme : HashScheme.values()) {
      assertThat(scheme.isCurrent(scheme.dummyHash())).isTrue();
      assertThat(scheme.dummyHash().encoded()).hasSameSizeAs(scheme.hash("any"));
      assertThat(await(hasher(scheme).matches(password, Optional.empty()))).isFalse();
    }
  }

  private static final String BCRYPT =
      "$2b$10$vwJZv2o3rKTrUKgakof7X.F0hubkbSjkoVEGPKhzF.nDFrjjieJMK";
  private static final String STRONGER =
      "$argon2id$v=19$m=102400,t=2,p=8$yvSbfGZv4NIP19aSpjwT3g$rd564yzkc5O2PFnd10YSUQ";

  @Test
  void shouldReplace_isTrueForWeakerHashesOnly() {
    var argon2id = hasher(HashScheme.ARGON2ID);
    assertThat(argon2id.shouldReplace(new PasswordHash(BCRYPT), password)).isTrue();
    assertThat(argon2id.shouldReplace(new PasswordHash(STRONGER), password)).isFalse();
    assertThat(argon2id.shouldReplace(HashScheme.ARGON2ID.dummyHash(), password)).isFalse();
    assertThat(argon2id.shouldReplace(HashScheme.FAST.dummyHash(), password)).isTrue();
    assertThat(hasher(HashScheme.FAST).shouldReplace(new PasswordHash(STRONGER), password))
        .isTrue();
  }

  /** A new hash of the beginning of a long password would reject the whole password. */
  @Test
  void shouldReplace_isFalseForBcryptOfATruncatedPassword() {
    var hasher = hasher(HashScheme.ARGON2ID);
    var bcrypt = new PasswordHash(BCRYPT);
    assertThat(hasher.shouldReplace(bcrypt, new Password("x".repeat(71)))).isTrue();
    assertThat(hasher.shouldReplace(bcrypt, new Password("x".repeat(72)))).isFalse();
    assertThat(hasher.shouldReplace(bcrypt, new Password("ä".repeat(36)))).isFalse();
  }

  @Test
  void storable_wrapsWeakHashesOnly() {
    var hasher = hasher(HashScheme.ARGON2ID);
    var md5 = new PasswordHash("098f6bcd4621d373cade4e832627b4f6");
    var wrapped = await(hasher.storable(md5));
    assertThat(wrapped.encoded())
        .startsWith("$wrapped$")
        .contains("$argon2id$v=19$m=19456,t=2,p=1$")
        .doesNotContain(md5.encoded());
    assertThat(await(hasher.matches(new Password("test"), Optional.of(wrapped)))).isTrue();
    assertThat(await(hasher.matches(new Password("Test"), Optional.of(wrapped)))).isFalse();
    assertThat(await(hasher.storable(wrapped))).isEqualTo(wrapped);

    var bcrypt = new PasswordHash(BCRYPT);
    assertThat(await(hasher.storable(bcrypt)).encoded()).isEqualTo(BCRYPT);
    assertThatThrownBy(() -> await(hasher.storable(new PasswordHash("hunter2"))))
        .isInstanceOf(UnsupportedHashException.class);
  }

  /** Stores from before such hashes were rejected may contain them. */
  @Test
  void matches_isFalseForAMalformedHash() {
    for (var scheme : HashScheme.values()) {
      var malformed = Optional.of(new PasswordHash("$2b$03$broken"));
      assertThat(await(hasher(scheme).matches(password, malformed))).isFalse();
    }
  }

  /** Otherwise the queue stays full of work whose callers have timed out. */
  @Test
  void work_isDroppedAfterTheQueueTimeout() {
    var hasher = new PasswordHasher(vertx, HashScheme.FAST, 1, 2, Duration.ZERO);
    for (int i = 0; i < 10; i++) { // more than the queue holds, so dropped work must leave it
      assertThatThrownBy(() -> await(hasher.matches(password, Optional.empty())))
          .isInstanceOfSatisfying(
              Failure.class, failure -> assertThat(failure.reason()).isEqualTo(Reason.OVERLOADED));
    }
    assertThat(hasher.rejectedCount()).isEqualTo(10);
    var patient = new PasswordHasher(vertx, HashScheme.FAST, 1, 2, Duration.ofDays(1));
    assertThat(await(patient.hash(password))).isNotNull();
  }

  @Test
  void work_failsAtOnceIfTheQueueIsFull() {
    var hasher = new PasswordHasher(vertx, HashScheme.ARGON2ID, 1, 2);
    var all = new ArrayList<Future<PasswordHash>>();
    for (int i = 0; i < 10; i++) {
      all.add(hasher.hash(password));
    }
    assertThat(hasher.activeCount()).isLessThanOrEqualTo(1);
    assertThat(hasher.queueLength()).isLessThanOrEqualTo(2);
    assertThat(all.subList(3, 10)).allMatch(Future::failed);
    assertThatThrownBy(() -> await(all.get(9)))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.reason()).isEqualTo(Reason.OVERLOADED));
    assertThat(hasher.rejectedCount()).isEqualTo(7);
    all.subList(0, 3).forEach(PasswordHasherTest::await);
    assertThat(await(hasher.hash(password))).isNotNull();
  }

  @Test
  void toString_hidesSecrets() {
    var hash = await(hasher(HashScheme.FAST).hash(password));
    assertThat(password.toString() + hash + TokenHash.of("token"))
        .doesNotContain(password.clearText(), hash.encoded(), TokenHash.of("token").hex());
  }
}
