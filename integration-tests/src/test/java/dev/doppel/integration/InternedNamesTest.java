package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Names of members that clients choose are not interned: a table of the whole JVM would grow, and
 * interning a body full of names takes a third of a second on an event loop.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InternedNamesTest {

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());

  @AfterAll
  void stop() {
    doppel.close();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "POST | /v1/auth/login | {\"provider\":\"traditional\",\"payload\":{\"%s\":1}}",
        "POST | /v1/auth/register | {\"%s\":1}",
        "POST | /api/v2/setup | {\"%s\":1}",
        "POST | /api/v2/signin | {\"%s\":1}",
        "POST | /v2/vectordb/users/create | {\"%s\":1}",
        "POST | /cloudapi/1.0.0/users | {\"%s\":1}",
        "POST | /api/admin/org/a93c9db9-7471-3192-8d09-a8f7eeda85f9/users | {\"%s\":1}",
        "POST | /oauth/provider/register | {\"%s\":1}",
        "POST | /_doppel/faults | {\"%s\":1}",
        "PUT | /_doppel/clock | {\"%s\":1}",
      })
  void namesOfMembers_areNotInterned(String method, String path, String body) {
    var start = "member" + UUID.randomUUID();
    http.send(
        method,
        path,
        body.formatted(start + "x"),
        "Content-Type",
        "application/json",
        "Accept",
        "application/*+json;version=37.0");
    var fresh = start.concat("x");
    assertThat(fresh.intern()).as("interned for the first time here").isSameAs(fresh);
  }
}
