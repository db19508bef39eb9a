package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.gateway.Http;
import dev.doppel.users.HashScheme;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Sign-in of users who were imported with another product's password hash. */
class ImportedHashesTest {

  /** Hash by Go's x/crypto/bcrypt with cost 4, as Milvus stores it. */
  private static final String BY_GO =
      "$2a$04$Gb.3xb7HDmUfEcO6t0LudelE9B7CZRpA9mItxWu6gjUUVATJ8G4ni";

  private static final String ITS_PASSWORD = "pässwörd-UTF8!";

  /** Hash by Openwall's crypt_blowfish. */
  private static final String OF_LONG_PASSWORD =
      "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui";

  private static final String FIRST_72_BYTES =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

  private static boolean signsIn(Http http, String name, String password) {
    var status =
        http.send("POST", "/api/v2/signin", "", "Authorization", basic(name, password))
            .statusCode();
    assertThat(status).isIn(204, 401);
    return status == 204;
  }

  private static boolean signsInToMilvus(Http http, String name, String password) {
    var answer =
        http.send(
            "POST",
            "/v2/vectordb/users/describe",
            new JsonObject().put("userName", name).encode(),
            "Authorization",
            "Bearer " + name + ":" + password);
    return answer.body().startsWith("{\"code\":0");
  }

  @Test
  void bcryptHashOfGo_verifiesNonAsciiPassword() {
    try (var doppel = Doppel.start()) {
      doppel.seed().user("ann").passwordHash(BY_GO).user("bob").passwordHash(BY_GO).put();
      var http = new Http(doppel.uri());
      assertThat(signsIn(http, "ann", "passwort-UTF8!")).isFalse();
      assertThat(signsIn(http, "ann", ITS_PASSWORD)).isTrue();
      assertThat(signsIn(http, "ann", ITS_PASSWORD)).as("with its new hash").isTrue();
      assertThat(signsIn(http, "bob", ITS_PASSWORD)).isTrue();
    }
  }

  /** bcrypt ignores bytes after the 72nd; a new hash of the prefix would lock the user out. */
  @Test
  void longPassword_isAcceptedAfterSignInWithItsPrefix() {
    var config = DoppelConfig.DEFAULT.toBuilder().port(0).hash(HashScheme.ARGON2ID).build();
    try (var doppel = Doppel.start(config)) {
      doppel.seed().user("ann").passwordHash(OF_LONG_PASSWORD).put();
      var http = new Http(doppel.uri());
      assertThat(signsInToMilvus(http, "ann", FIRST_72_BYTES)).isTrue();
      assertThat(signsInToMilvus(http, "ann", FIRST_72_BYTES + "chars after 72 are ignored"))
          .isTrue();
      assertThat(signsInToMilvus(http, "ann", FIRST_72_BYTES.substring(1))).isFalse();
    }
  }

  @Test
  void weakHash_isStoredHashedAgain() {
    try (var doppel = Doppel.start()) {
      doppel
          .seed()
          .user("ann")
          .passwordHash("{SHA}DNIqmdhH4oNN9h+iMcRYTA4TUjc=")
          .user("bob")
          .passwordHash("$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0")
          .put();
      var http = new Http(doppel.uri());
      assertThat(signsInToMilvus(http, "ann", "wrong")).isFalse();
      assertThat(signsInToMilvus(http, "ann", "Corr3ct-horse!")).isTrue();
      assertThat(signsInToMilvus(http, "bob", "test12345")).isTrue();
    }
  }
}
