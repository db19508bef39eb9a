package dev.doppel.gateway.control;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.Seed;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.PersistentGateways;
import dev.doppel.gateway.VendorClient;
import dev.doppel.store.MvStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlStateTest {

  private static final String PASSWORD = "P@ssw0rd1";

  private static final String SEED =
      """
      organizations:
        - name: acme
          description: makes everything
      roles:
        - name: reader
      users:
        - name: ann
          password: P@ssw0rd1
          email: ann@example.com
          fullName: Ann Lee
          roles: [reader]
          organizations: {doppel: owner, acme: member}
          aliases: {influx: 0123456789abcdef}
          tokens:
            - token: ann-token
              description: for tests
        - name: old
          status: inactive
          passwordHash: $2b$04$abcdefghijklmnopqrstuuSEuQJbKQhHsPhiaTyo/tfXmZBUGOOKK
      """;

  private Doppel doppel;
  private Http http;

  @BeforeEach
  void start() {
    doppel = Doppel.start();
    http = new Http(doppel.uri());
  }

  @AfterEach
  void stop() {
    doppel.close();
  }

  private String control(String method, String path, String body) {
    return http.control(method, path, body);
  }

  private List<VendorClient> clients() {
    return VendorClient.all(http);
  }

  @Nested
  class Seeding {

    @Test
    void seededUser_existsInEveryDialect() {
      assertThat(control("POST", "seed", SEED))
          .isEqualTo("200 {\"organizations\":1,\"roles\":1,\"users\":2,\"tokens\":1}\n");
      assertThat(clients()).allMatch(client -> client.finds("ann"));
      assertThat(clients()).allMatch(client -> client.signsIn("ann", PASSWORD));
      assertThat(clients()).allMatch(client -> client.finds("old"));
      var me = http.send("GET", "/api/v2/me", "", "Authorization", "Token ann-token");
      assertThat(me.body()).contains("\"id\": \"0123456789abcdef\"", "\"name\": \"ann\"");
      assertThat(new VendorClient.Influx(http).ownsOrganization("doppel", "ann")).isTrue();
      assertThat(new VendorClient.Vcloud(http).signsIn("ann", "acme", PASSWORD)).isTrue();
      var tenant = new VendorClient.Vcloud(http).administrating("doppel");
      assertThat(tenant.find("ann").getString("fullName")).isEqualTo("Ann Lee");
    }

    @Test
    void seed_acceptsJson() {
      assertThat(control("POST", "seed", "{\"users\":[{\"name\":\"ann\"}]}"))
          .isEqualTo("200 {\"organizations\":0,\"roles\":0,\"users\":1,\"tokens\":0}\n");
    }

    @Test
    void seed_reportsEveryConflictAndLoadsNothing() {
      control("POST", "seed", "users: [{name: bob}, {name: cyd, email: dan@example.com}]");
      control("POST", "seed", "users: [{name: eve, tokens: [{token: t}]}]");
      var seed =
          """
          users:
            - name: ann
            - name: bob
            - name: dan@example.com
            - name: fay
              email: cyd@example.com
              tokens: [{token: other}, {token: t}]
          """;
      assertThat(control("POST", "seed", seed))
          .isEqualTo(
              "409 {\"error\":\"users[1]: 'bob' is taken, as a name or an e-mail address;"
                  + " users[2]: 'dan@example.com' is taken, as a name or an e-mail address;"
                  + " users[3].tokens[1]: token already exists\",\"errors\":["
                  + "\"users[1]: 'bob' is taken, as a name or an e-mail address\","
                  + "\"users[2]: 'dan@example.com' is taken, as a name or an e-mail address\","
                  + "\"users[3].tokens[1]: token already exists\"]}\n");
      assertThat(clients()).noneMatch(client -> client.finds("ann"));
      assertThat(clients()).noneMatch(client -> client.finds("fay"));
      var other = http.send("GET", "/api/v2/me", "", "Authorization", "Token other");
      assertThat(other.statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{\"users\":[{}]}|users[0].name: at least one character is needed",
          "{\"users\":[{\"name\":\"a\",\"pasword\":\"x\"}]}|users[0].pasword: not known; use aliases, email, fullName, id, name, organizations, password, passwordHash, roles, status, tokens; did you mean 'password'?",
          "{\"users\":[{\"name\":\"a\",\"status\":\"gone\"}]}|users[0].status: 'gone' is not allowed; use active or inactive",
          "{\"users\":[{\"name\":\"a\",\"organizations\":{\"o\":\"boss\"}}]}|users[0].organizations.o: 'boss' is not allowed; use owner or member",
          "{\"users\":[{\"name\":\"a\",\"password\":\"x\",\"passwordHash\":\"{SHA}DNIqmdhH4oNN9h+iMcRYTA4TUjc=\"}]}|users[0]: password, passwordHash: one of them is allowed",
          "{\"users\":[{\"name\":\"a\",\"passwordHash\":\"secret\"}]}|users[0].passwordHash: not a known form of hash, such as $2b$10$… or $argon2id$…; a clear password is given as a password",
          "{\"users\":[{\"name\":\"a\",\"id\":\"7\"}]}|users[0].id: '7' is not allowed; use 16 hexadecimal digits",
          "{\"users\":[{\"name\":\"a\"},{\"name\":\"a\"}]}|users[1].name: also given at users[0].name",
          "{\"users\":7}|users: this is not allowed; use a list",
          "{\"users\":[|neither YAML nor JSON from line 1, column 11 on",
          "people: []|people: not known; use organizations, roles, users",
        })
    void invalidSeed_isRejected(String seed, String line) {
      assertThat(control("POST", "seed", seed))
          .isEqualTo("400 {\"error\":\"" + line.replace("\"", "\\\"") + "\"}\n");
    }
  }

  @Nested
  class Restoring {

    @Test
    void reset_removesLaterUsers() {
      control("POST", "seed", SEED);
      assertThat(control("POST", "reset", "")).isEqualTo("200 {\"status\":\"reset\"}\n");
      assertThat(clients()).noneMatch(client -> client.finds("ann"));
      assertThat(new VendorClient.Vcloud(http).finds("root")).isTrue();
    }

    @Test
    void reset_restoresConfiguredSeed() {
      doppel.close();
      doppel =
          Doppel.start(DoppelConfig.DEFAULT.toBuilder().port(0).seed(Seed.parse(SEED)).build());
      http = new Http(doppel.uri());
      new VendorClient.Influx(http).delete("ann");
      control("POST", "reset", "");
      assertThat(clients()).allMatch(client -> client.signsIn("ann", PASSWORD));
    }

    @Test
    void snapshot_canBeRestoredRepeatedly() {
      assertThat(control("POST", "snapshots", "")).isEqualTo("200 {\"snapshot\":2}\n");
      for (int time = 0; time < 2; time++) {
        control("POST", "seed", SEED);
        assertThat(clients()).allMatch(client -> client.finds("ann"));
        assertThat(control("POST", "snapshots/2/restore", "")).isEqualTo("200 {\"snapshot\":2}\n");
        assertThat(clients()).noneMatch(client -> client.finds("ann"));
      }
      assertThat(control("POST", "snapshots/9/restore", ""))
          .isEqualTo("404 {\"error\":\"there is no snapshot 9\"}\n");
      assertThat(control("POST", "snapshots/x/restore", ""))
          .isEqualTo("400 {\"error\":\"snapshot: 'x' is not allowed; use a number from 1 on\"}\n");
    }

    @Test
    void persistentStore_isResetOnlyWithConfirmation(@TempDir Path folder) {
      doppel.close();
      doppel = PersistentGateways.start(MvStore.file(folder.resolve("users.db")));
      http = PersistentGateways.client(doppel);
      control("POST", "seed", SEED);
      assertThat(control("POST", "reset", ""))
          .isEqualTo("409 {\"error\":\"persistent store: add ?confirm=true to erase it\"}\n");
      assertThat(clients()).allMatch(client -> client.finds("ann"));
      assertThat(control("POST", "reset?confirm=true", ""))
          .isEqualTo("200 {\"status\":\"reset\"}\n");
      assertThat(clients()).noneMatch(client -> client.finds("ann"));
      assertThat(new VendorClient.Vcloud(http).finds("root")).isTrue();
    }

    @Test
    void resetOfPersistentStore_usesMachineTime(@TempDir Path folder) {
      doppel.close();
      doppel = PersistentGateways.start(MvStore.file(folder.resolve("users.db")));
      http = PersistentGateways.client(doppel);
      control("POST", "clock", "{\"set\":\"2031-02-03T04:05:06Z\"}");
      control("POST", "seed", SEED);
      assertThat(control("GET", "users", "")).contains("2031-");
      control("POST", "reset?confirm=true", "");
      assertThat(control("GET", "users", "")).contains("\"root\"").doesNotContain("2031-");
    }
  }

  @Nested
  class Clock {

    private int me(String cookie) {
      return http.send("GET", "/api/v2/me", "", "Cookie", cookie).statusCode();
    }

    @Test
    void advance_expiresSessions() {
      control("POST", "seed", SEED);
      var signedIn =
          http.send("POST", "/api/v2/signin", "", "Authorization", basic("ann", PASSWORD));
      var cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0];
      assertThat(me(cookie)).isEqualTo(200);
      assertThat(control("POST", "clock", "{\"advance\":\"PT50M\"}")).startsWith("200 {\"now\":\"");
      assertThat(me(cookie)).isEqualTo(200);
      control("POST", "clock", "{\"advance\":\"PT61M\"}");
      assertThat(me(cookie)).isEqualTo(401);
      control("DELETE", "clock", "");
      assertThat(me(cookie)).isEqualTo(200);
    }

    @Test
    void set_changesTimeOfResponses() {
      assertThat(control("POST", "clock", "{\"set\":\"2031-02-03T04:05:06Z\"}"))
          .startsWith("200 {\"now\":\"2031-02-03T04:05:06");
      assertThat(http.send("GET", "/health", "").headers().firstValue("Date").orElseThrow())
          .startsWith("Mon, 03 Feb 2031 04:05:");
      control("POST", "reset", "");
      assertThat(control("GET", "clock", "")).doesNotContain("2031");
    }

    @Test
    void refusedTime_leavesTheClock() {
      assertThat(control("POST", "clock", "{\"advance\":\"PT9999999999999H\"}")).startsWith("400 ");
      assertThat(control("GET", "clock", "")).startsWith("200 ");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{}|{\"advance\":\"PT1H\"} or {\"set\":\"2026-01-31T12:00:00Z\"} is needed",
          "{\"set\":\"2031-02-03T04:05:06Z\",\"advance\":\"PT1H\"}|{\"advance\":\"PT1H\"} or {\"set\":\"2026-01-31T12:00:00Z\"} is needed",
          "{\"advance\":\"1h\"}|advance: '1h' is not allowed; use a duration such as PT1H",
          "{\"advance\":\"PT9999999999999H\"}|advance: 'PT9999999999999H' is not allowed; use a duration such as PT1H",
          "{\"advance\":[]}|advance: this is not allowed; use a text",
          "{\"set\":\"tomorrow\"}|set: 'tomorrow' is not allowed; use a time such as 2026-01-31T12:00:00Z",
          "{\"sett\":\"x\"}|sett: not known; use advance, set; did you mean 'set'?",
          "[]|this is not allowed; use an object with members",
          "{|not JSON from line 1, column 2 on",
        })
    void invalidTime_isRejected(String body, String line) {
      assertThat(control("POST", "clock", body))
          .isEqualTo("400 {\"error\":\"" + line.replace("\"", "\\\"") + "\"}\n");
    }
  }
}
