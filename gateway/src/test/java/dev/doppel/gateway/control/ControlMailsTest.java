package dev.doppel.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Stores;
import dev.doppel.gateway.Http;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlMailsTest {

  private Doppel doppel = Doppel.start();
  private Http http = new Http(doppel.uri());

  @AfterEach
  void stop() {
    doppel.close();
  }

  private void send(String name) {
    doppel.seed().user(name).email(name + "@example.com").put();
    var body = new JsonObject().put("email", name + "@example.com").encode();
    var answer =
        http.send(
            "POST", "/v1/auth/register/forgot-password", body, "Content-Type", "application/json");
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private JsonObject mails(String query) {
    var answer = http.send("GET", "/_doppel/mails" + query, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  @Test
  void list_showsMails_inPages() {
    send("ann");
    send("bob");
    var all = mails("");
    assertThat(all.getJsonArray("mails")).hasSize(2);
    assertThat(all.containsKey("next")).isFalse();
    var first = all.getJsonArray("mails").getJsonObject(0);
    assertThat(first.fieldNames())
        .containsExactly("id", "time", "dialect", "kind", "to", "user", "subject", "text", "token");
    assertThat(first.getString("token")).matches("[0-9a-f]{80}");
    var page = mails("?limit=1");
    assertThat(page.getLong("next")).isEqualTo(1);
    assertThat(mails("?limit=1&after=1").getJsonArray("mails").getJsonObject(0).getString("user"))
        .isEqualTo("bob");
    var filtered = mails("?to=BOB@example.com&kind=forgot-password&dialect=workspace");
    assertThat(filtered.getJsonArray("mails")).hasSize(1);
    assertThat(mails("?dialect=influx").getJsonArray("mails")).isEmpty();
    assertThat(http.control("DELETE", "mails", "")).isEqualTo("200 {\"removed\":2}\n");
    assertThat(mails("").getJsonArray("mails")).isEmpty();
  }

  @Test
  void wrongValues_areNamed() {
    assertThat(http.control("GET", "mails?dialect=workspce", ""))
        .startsWith("400 ")
        .contains("'workspce'", "did you mean 'workspace'?");
    assertThat(http.control("GET", "mails?limit=1001", ""))
        .startsWith("400 ")
        .contains("limit: '1001' is not allowed");
    assertThat(http.control("GET", "mails?too=x", ""))
        .startsWith("400 ")
        .contains("?too: not known", "did you mean 'to'?");
    assertThat(http.control("DELETE", "mails?to=x", "")).startsWith("400 ");
    assertThat(http.control("GET", "two-factor-code", ""))
        .isEqualTo("400 {\"error\":\"?user: needed; use the name of a user\"}\n");
    assertThat(http.control("GET", "two-factor-code?user=root", ""))
        .isEqualTo("404 {\"error\":\"'root' has no two-factor authentication\"}\n");
    assertThat(http.control("GET", "two-factor-code?user=nobody", ""))
        .isEqualTo("404 {\"error\":\"no such user: nobody\"}\n");
  }

  /** Each dialect's store has users of its own, but there is one outbox. */
  @Test
  void separateStores_shareOutbox() {
    stop();
    doppel = Doppel.start(DoppelConfig.DEFAULT.toBuilder().stores(Stores.SEPARATE).port(0).build());
    http = new Http(doppel.uri());
    send("ann");
    assertThat(mails("").getJsonArray("mails")).hasSize(1);
    assertThat(http.control("GET", "two-factor-code?user=ann", ""))
        .isEqualTo("404 {\"error\":\"'ann' has no two-factor authentication\"}\n");
  }
}
