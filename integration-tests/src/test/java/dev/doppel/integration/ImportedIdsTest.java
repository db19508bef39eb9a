package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uniqueness of ids that imported users keep. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImportedIdsTest {

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());

  @AfterAll
  void close() {
    doppel.close();
  }

  private int createWithId(String name, String id) {
    return http.send(
            "POST",
            "/api/v2/users",
            "{\"name\":\"%s\",\"id\":\"%s\"}".formatted(name, id),
            "Authorization",
            "Token doppel-operator-token")
        .statusCode();
  }

  @ParameterizedTest
  @CsvSource({
    "influx, 0123456789abcde1, 0123456789abcde1",
    "vcloud, urn:vcloud:user:01234567-89ab-8cde-8000-000000000002, 0123456789abcde2",
  })
  void id_rejectsValueThatParsesAsAlias(String dialect, String alias, String id) {
    assertThat(
            http.control(
                "POST",
                "seed",
                "users: [{name: of-%s, aliases: {%s: '%s'}}]".formatted(dialect, dialect, alias)))
        .startsWith("200 ");
    assertThat(createWithId("hijack-" + dialect, id)).isEqualTo(422);
  }

  @Test
  void alias_rejectsValueThatParsesAsId() {
    assertThat(createWithId("first", "0123456789abcdef")).isEqualTo(201);
    assertThat(
            http.control(
                "POST", "seed", "users: [{name: second, aliases: {influx: 0123456789abcdef}}]"))
        .startsWith("409 ");
  }

  @Test
  void seed_rejectsIdThatEqualsAlias() {
    for (var seed :
        new String[] {
          "users: [{name: one, id: 00000000000000e1}, {name: two, aliases: {influx: 00000000000000e1}}]",
          "users: [{name: two, aliases: {influx: 00000000000000e2}}, {name: one, id: 00000000000000e2}]"
        }) {
      assertThat(http.control("POST", "seed", seed))
          .isEqualTo("409 {\"error\":\"users[1]: its id or one of its aliases is taken\"}\n");
    }
  }
}
