package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static dev.doppel.testkit.StorageFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Specifies the storage of tokens. */
abstract class TokenStoreContract extends StorageTests {

  TokenStoreContract(StorageContract contract) {
    super(contract);
  }

  private Token token(String secret, Optional<Instant> expires) {
    return token(secret, secret.hashCode(), 5, Token.Kind.SESSION, expires);
  }

  private Token token(
      String secret, long id, long owner, Token.Kind kind, Optional<Instant> expires) {
    return new Token(
        TokenHash.of(secret),
        id,
        new UserId(owner),
        NOW.minusSeconds(60),
        2,
        kind,
        Optional.of("dialect"),
        Status.ACTIVE,
        NOW,
        NOW.plusSeconds(1),
        expires,
        "description",
        Map.of("dialect", "{}"));
  }

  @Test
  void insert_storesEveryField() {
    var token = token("secret", Optional.of(NOW.plusSeconds(60)));
    await(tokens().insert(token));
    assertThat(await(tokens().find(TokenHash.of("secret")))).isEqualTo(token);
    var endless = token("endless", Optional.empty());
    await(tokens().insert(endless));
    assertThat(await(tokens().find(TokenHash.of("endless")))).isEqualTo(endless);
  }

  @Test
  void find_failsIfMissing() {
    assertThat(reason(tokens().find(TokenHash.of("x")))).isEqualTo(Reason.NO_SUCH_TOKEN);
  }

  @Test
  void update_replacesToken() {
    await(tokens().insert(token("secret", Optional.of(NOW))));
    var later = NOW.plusSeconds(90);
    var updated = await(tokens().update(TokenHash.of("secret"), t -> t.withExpires(later)));
    assertThat(updated.expires()).contains(later);
    assertThat(await(tokens().deleteExpired(NOW.plusSeconds(60)))).isZero();
    assertThat(reason(tokens().update(TokenHash.of("x"), t -> t))).isEqualTo(Reason.NO_SUCH_TOKEN);
  }

  @Test
  void list_isByKindOrOwnerInOrderOfUnsignedId() {
    for (long id : new long[] {7, -1, 3}) {
      await(tokens().insert(token("a" + id, id, 5, Token.Kind.API, Optional.empty())));
    }
    await(tokens().insert(token("s", 4, 5, Token.Kind.SESSION, Optional.of(NOW))));
    await(tokens().insert(token("b", 5, 6, Token.Kind.API, Optional.empty())));
    assertThat(await(tokens().list(Token.Kind.API)))
        .extracting(Token::id)
        .containsExactly(3L, 5L, 7L, -1L);
    assertThat(await(tokens().list(new UserId(5))))
        .extracting(Token::id)
        .containsExactly(3L, 4L, 7L, -1L);
    assertThat(await(tokens().list(new UserId(99)))).isEmpty();
    assertThat(await(tokens().find(4)).kind()).isEqualTo(Token.Kind.SESSION);
    assertThat(await(tokens().find(-1)).hash()).isEqualTo(TokenHash.of("a-1"));
    await(tokens().delete(TokenHash.of("a-1")));
    await(tokens().deleteExpired(NOW.plusSeconds(1)));
    assertThat(reason(tokens().find(-1))).isEqualTo(Reason.NO_SUCH_TOKEN);
    assertThat(await(tokens().list(new UserId(5)))).extracting(Token::id).containsExactly(3L, 7L);
  }

  @Test
  void delete_removesToken() {
    await(tokens().insert(token("secret", Optional.of(NOW))));
    await(tokens().delete(TokenHash.of("secret")));
    assertThat(reason(tokens().delete(TokenHash.of("secret")))).isEqualTo(Reason.NO_SUCH_TOKEN);
  }

  @Test
  void purge_deletesExpiredTokens() {
    await(tokens().insert(token("expired", Optional.of(NOW))));
    var valid = token("valid", Optional.of(NOW.plusSeconds(60)));
    var endless = token("endless", Optional.empty());
    await(tokens().insert(valid));
    await(tokens().insert(endless));
    assertThat(await(tokens().deleteExpired(NOW.plusSeconds(1)))).isEqualTo(1);
    assertThat(reason(tokens().find(TokenHash.of("expired")))).isEqualTo(Reason.NO_SUCH_TOKEN);
    assertThat(await(tokens().find(valid.hash()))).isEqualTo(valid);
    assertThat(await(tokens().find(endless.hash()))).isEqualTo(endless);
  }

  @Test
  void insertSessions_keepsNewest() {
    for (int id = 1; id <= 5; id++) {
      await(tokens().insertSessions(List.of(StorageFixture.token(id, 5, Token.Kind.SESSION)), 3));
      await(tokens().insert(StorageFixture.token(100 + id, 5, Token.Kind.API)));
      await(
          tokens()
              .insertSessions(List.of(StorageFixture.token(200 + id, 6, Token.Kind.SESSION)), 3));
    }
    assertThat(await(tokens().list(new UserId(5))).stream().map(Token::id))
        .containsExactly(3L, 4L, 5L, 101L, 102L, 103L, 104L, 105L);
    assertThat(await(tokens().list(new UserId(6)))).hasSize(3);
    var pair =
        List.of(
            StorageFixture.token(6, 5, Token.Kind.SESSION),
            StorageFixture.token(7, 5, Token.Kind.SESSION));
    await(tokens().insertSessions(pair, 3));
    assertThat(await(tokens().list(new UserId(5))).stream().map(Token::id))
        .containsExactly(5L, 6L, 7L, 101L, 102L, 103L, 104L, 105L);
  }
}
