package dev.doppel.gateway.control;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.BadRequestException;
import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Stores;
import dev.doppel.RealmOptions;
import dev.doppel.Seed;
import dev.doppel.Vendors;
import dev.doppel.dialect.Fidelity;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import dev.doppel.influx.InfluxOperation;
import dev.doppel.influx.InfluxVendor;
import dev.doppel.milvus.MilvusVendor;
import dev.doppel.users.Password;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlRealmsTest {

  private static final String[] OPERATOR = {"Authorization", "Token doppel-operator-token"};

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

  private JsonObject open(String name) {
    var answer = http.control("POST", "realms", "{\"name\":\"" + name + "\"}");
    assertThat(answer).startsWith("200 ");
    return new JsonObject(answer.substring(4));
  }

  private static int create(Http http, String prefix, String name) {
    return http.send("POST", prefix + "/api/v2/users", "{\"name\":\"" + name + "\"}", OPERATOR)
        .statusCode();
  }

  @Nested
  class Addresses {

    @Test
    void open_returnsAllAddresses() {
      var open = open("one");
      var gateway = doppel.uri().getPort();
      assertThat(open)
          .isEqualTo(
              new JsonObject()
                  .put("name", "one")
                  .put("port", open.getInteger("port"))
                  .put(
                      "urls",
                      new JsonObject()
                          .put("port", "http://127.0.0.1:" + open.getInteger("port"))
                          .put("host", "http://one.localhost:" + gateway)
                          .put("prefix", "http://127.0.0.1:" + gateway + "/~one")
                          .put(
                              "control",
                              "http://127.0.0.1:" + open.getInteger("port") + "/_doppel")));
      assertThat(http.control("GET", "realms", ""))
          .isEqualTo("200 {\"realms\":[" + open.encode() + "]}\n");
    }

    @Test
    void addresses_leadToSameRealm() throws IOException {
      var open = open("one");
      var own = new Http(URI.create(open.getJsonObject("urls").getString("port")));
      assertThat(create(own, "", "alice")).isEqualTo(201);
      assertThat(create(http, "/~one", "alice")).isEqualTo(422);
      assertThat(byHost("one.localhost", "GET /api/v2/users?name=alice"))
          .startsWith("HTTP/1.1 200 ");
      assertThat(create(http, "", "alice")).isEqualTo(201);
    }

    @Test
    void sessionsAndLinks_workBehindPrefix() {
      open("one");
      var realm = new Http(URI.create(doppel.uri() + "/~one"));
      realm.control("POST", "seed", "{\"users\":[{\"name\":\"ann\",\"password\":\"P@ssw0rd1\"}]}");
      var signIn =
          realm.send("POST", "/api/v2/signin", "", "Authorization", basic("ann", "P@ssw0rd1"));
      assertThat(signIn.headers().firstValue("Set-Cookie").orElseThrow())
          .contains("; Path=/~one/api/");
      for (var client : VendorClient.all(realm)) {
        assertThat(client.signsIn("ann", "P@ssw0rd1")).isTrue();
        assertThat(client.finds("ann")).isTrue();
      }
      assertThat(realm.send("GET", "/api/versions", "").body())
          .contains(doppel.uri() + "/~one/cloudapi/1.0.0/sessions<");
      var redirect = realm.send("POST", "/v2/vectordb/users/list/", "{}");
      assertThat(redirect.headers().firstValue("Location"))
          .contains("/~one/v2/vectordb/users/list");
    }

    @Test
    void unknownName_isNotFound() throws IOException {
      var none = "{\"error\":\"no realm of this name is open: one\"}\n";
      assertThat(http.send("GET", "/~one/api/v2/me", "").body()).isEqualTo(none);
      assertThat(byHost("one.localhost", "GET /api/v2/me")).endsWith(none);
      assertThat(http.control("DELETE", "realms/one", "")).isEqualTo("404 " + none);
      assertThat(byHost("localhost", "GET /api/v2/me")).startsWith("HTTP/1.1 401 ");
    }

    private String byHost(String host, String line) throws IOException {
      var port = doppel.uri().getPort();
      try (var socket = new Socket("127.0.0.1", port)) {
        socket.setSoTimeout(10_000);
        socket
            .getOutputStream()
            .write(
                "%s HTTP/1.1\r\nHost: %s:%d\r\nAuthorization: %s\r\nConnection: close\r\n\r\n"
                    .formatted(line, host, port, host.equals("localhost") ? "Token x" : OPERATOR[1])
                    .getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  @Nested
  class Isolation {

    @Test
    void stateJournalFaultsAndClock_areIsolated() {
      open("one");
      var one = new Http(URI.create(doppel.uri() + "/~one"));
      assertThat(one.control("POST", "faults", "{\"reason\":\"unavailable\",\"times\":1}"))
          .startsWith("200 ");
      assertThat(one.control("POST", "clock", "{\"set\":\"2031-02-03T04:05:06Z\"}"))
          .startsWith("200 ");
      assertThat(create(http, "", "alice")).isEqualTo(201);
      assertThat(create(one, "", "alice")).isEqualTo(503);
      assertThat(create(one, "", "alice")).isEqualTo(201);
      assertThat(http.control("GET", "requests/count", "")).isEqualTo("200 {\"count\":1}\n");
      assertThat(one.control("GET", "requests/count", "")).isEqualTo("200 {\"count\":2}\n");
      assertThat(http.control("GET", "clock", "")).doesNotContain("2031");
      assertThat(one.control("POST", "reset", "")).startsWith("200 ");
      assertThat(create(one, "", "alice")).isEqualTo(201);
      assertThat(create(http, "", "alice")).isEqualTo(422);
    }

    @Test
    void configuredSeed_isLoadedIntoEachRealm() {
      stop();
      doppel =
          Doppel.start(
              DoppelConfig.DEFAULT.toBuilder()
                  .port(0)
                  .seed(Seed.parse("{\"users\":[{\"name\":\"ann\"}]}"))
                  .build());
      http = new Http(doppel.uri());
      open("one");
      assertThat(create(http, "/~one", "ann")).isEqualTo(422);
    }

    @Test
    void realm_cannotOpenRealms() {
      open("one");
      assertThat(http.send("POST", "/~one/_doppel/realms", "").statusCode()).isEqualTo(404);
    }

    @Test
    void close_closesPort() {
      var port = open("one").getInteger("port");
      assertThat(http.control("DELETE", "realms/one", "")).isEqualTo("200 {\"closed\":\"one\"}\n");
      assertThat(http.control("GET", "realms", "")).isEqualTo("200 {\"realms\":[]}\n");
      assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
          .isInstanceOf(IOException.class);
      open("one");
    }
  }

  @Nested
  class Names {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{\"name\":\"A\"}|400|name: 'A' is not allowed; use a-z, 0-9 and - within, 63 characters at most",
          "{\"name\":\"-\"}|400|name: '-' is not allowed; use a-z, 0-9 and - within, 63 characters at most",
          "{\"name\":\"\"}|400|name: '' is not allowed; use a-z, 0-9 and - within, 63 characters at most",
          "{\"nam\":\"a\"}|400|nam: not known; use dialects, emulate, fidelity, name, seed, stores; did you mean 'name'?",
          "a|400|not JSON from line 1, column 1 on",
          "{\"name\":\"taken\"}|409|a realm named 'taken' is open already",
          "{\"name\":\"influx\"}|409|a vendor is named 'influx'",
        })
    void open_rejectsInvalidName(String body, int status, String line) {
      open("taken");
      assertThat(http.control("POST", "realms", body))
          .isEqualTo(status + " {\"error\":\"" + line + "\"}\n");
    }

    @Test
    void generatedName_skipsTakenOnes() {
      open("r1");
      assertThat(http.control("POST", "realms", "")).contains("\"name\":\"r2\"");
    }
  }

  @Nested
  class Options {

    private JsonObject openWith(String options) {
      var answer = http.control("POST", "realms", options);
      assertThat(answer).startsWith("200 ");
      return new JsonObject(answer.substring(4));
    }

    private Http client(JsonObject open) {
      return new Http(URI.create(open.getJsonObject("urls").getString("port")));
    }

    private JsonObject dialects(Http realm) {
      var shown = new JsonObject();
      new JsonObject(realm.send("GET", "/_doppel/operations", "").body())
          .getJsonArray("dialects").stream()
              .map(JsonObject.class::cast)
              .forEach(
                  one ->
                      shown.put(
                          one.getString("dialect"),
                          one.getString("version") + " " + one.getString("fidelity")));
      return shown;
    }

    @Test
    void realm_hasOptionsOfItsOwn() {
      var realm =
          client(
              openWith(
                  """
                  {"name":"one","seed":{"users":[{"name":"ann","password":"P@ssw0rd1"}]},
                   "dialects":["influx","milvus"],"fidelity":"influx=observed",
                   "emulate":"influx=2.7","stores":"separate"}"""));
      assertThat(dialects(realm).getMap()).containsOnlyKeys("milvus", "influx");
      assertThat(dialects(realm).getString("influx")).matches(".*2\\.7.* observed");
      assertThat(dialects(realm).getString("milvus")).matches(".*2\\.6.* documented");
      var milvus = new VendorClient.Milvus(realm);
      var influx = new VendorClient.Influx(realm);
      assertThat(milvus.signsIn("ann", "P@ssw0rd1")).isTrue();
      influx.delete("ann");
      assertThat(milvus.finds("ann")).isTrue();
      assertThat(realm.control("POST", "reset", "")).startsWith("200 ");
      assertThat(influx.finds("ann")).isTrue();

      assertThat(dialects(http).getMap()).hasSize(Vendors.all().size());
      assertThat(new VendorClient.Influx(http).finds("ann")).isFalse();
    }

    @Test
    void missingOptions_areTheGateways() {
      stop();
      doppel =
          Doppel.start(
              DoppelConfig.DEFAULT.toBuilder()
                  .port(0)
                  .only(InfluxVendor.INSTANCE, MilvusVendor.INSTANCE)
                  .fidelity(Fidelity.OBSERVED)
                  .stores(Stores.SEPARATE)
                  .seed(Seed.parse("users: [{name: ann}]"))
                  .build());
      http = new Http(doppel.uri());
      var same = client(openWith("{}"));
      assertThat(dialects(same)).isEqualTo(dialects(http));
      assertThat(same.control("GET", "users", "")).startsWith("400 ");
      assertThat(same.control("GET", "users?dialect=influx", "")).contains("\"ann\"");

      var other = client(openWith("{\"seed\":{},\"dialects\":[\"workspace\"]}"));
      assertThat(dialects(other).getMap()).containsOnlyKeys("workspace");
      assertThat(other.control("GET", "users", "")).doesNotContain("\"ann\"");
    }

    @Test
    void openRealm_takesOptions() {
      var options =
          RealmOptions.DEFAULT
              .withName("two")
              .withSeed(Seed.parse("users: [{name: ann}]"))
              .withDialects(InfluxVendor.INSTANCE, MilvusVendor.INSTANCE)
              .withFidelity(Fidelity.OBSERVED)
              .withFidelity(MilvusVendor.INSTANCE, Fidelity.DOCUMENTED)
              .withVersion(MilvusVendor.INSTANCE, "2.5")
              .withStores(Stores.SEPARATE);
      try (var realm = doppel.openRealm(options)) {
        var client = new Http(realm.uri());
        assertThat(dialects(client).getString("influx")).endsWith(" observed");
        assertThat(dialects(client).getString("milvus")).matches(".*2\\.5.* documented");
        new VendorClient.Influx(client).delete("ann");
        assertThat(new VendorClient.Milvus(client).finds("ann")).isTrue();
        assertThat(http.control("GET", "realms", "")).contains("\"two\"");
      }
    }

    @Test
    void openRealm_rejectsUnknownVersion() {
      var options = RealmOptions.DEFAULT.withVersion(MilvusVendor.INSTANCE, "2.4");
      assertThatThrownBy(() -> doppel.openRealm(options))
          .isInstanceOf(BadRequestException.class)
          .hasMessage("milvus, version: '2.4' is not allowed; use 2.6 or 2.5");
    }

    @Test
    void seedThatConflicts_isRejected() {
      stop();
      var credentials =
          new Credentials(
              Optional.of("boss"),
              Optional.of(new Password("a long one")),
              Optional.empty(),
              false);
      doppel =
          Doppel.start(DoppelConfig.DEFAULT.toBuilder().port(0).credentials(credentials).build());
      http = new Http(doppel.uri());
      assertThat(http.control("POST", "realms", "{\"seed\":{\"users\":[{\"name\":\"boss\"}]}}"))
          .isEqualTo(
              "400 {\"error\":\"seed: users[0]: 'boss' is taken, as a name or an e-mail"
                  + " address\"}\n");
      assertThat(http.control("GET", "realms", "")).isEqualTo("200 {\"realms\":[]}\n");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{\"dialects\":[\"influy\"]}|dialects: 'influy' is not allowed; use milvus, influx, vcloud, workspace; did you mean 'influx'?",
          "{\"dialects\":[]}|dialects: '' is not allowed; use milvus, influx, vcloud, workspace",
          "{\"fidelity\":\"observd\"}|fidelity: 'observd' is not allowed; use documented or observed, for all or as influx=observed; did you mean 'observed'?",
          "{\"emulate\":\"influx=2.8\"}|emulate: 'influx=2.8' is not allowed; use milvus=2.5, milvus=2.6, influx=2.7 or influx=2.9",
          "{\"stores\":\"seperate\"}|stores: 'seperate' is not allowed; use shared or separate; did you mean 'separate'?",
          "{\"seed\":{\"user\":[]}}|seed: user: not known; use organizations, roles, users; did you mean 'users'?",
          "{\"seeds\":{}}|seeds: not known; use dialects, emulate, fidelity, name, seed, stores; did you mean 'seed'?",
        })
    void invalidOption_isRejected(String body, String line) {
      assertThat(http.control("POST", "realms", body))
          .isEqualTo("400 {\"error\":\"" + line + "\"}\n");
    }
  }

  @Nested
  class Many {

    @Test
    void twoHundredRealms_freeTheirMemoryWhenClosed() throws Exception {
      round(); // loads classes and fills pools and buffers that stay
      round();
      var before = usedMemory();
      for (int i = 0; i < 3; i++) {
        round();
      }
      assertThat(usedMemory() - before).isLessThan(4L << 20);
    }

    private void round() {
      var ports = new HashSet<Integer>();
      var realms = new ArrayList<Doppel>();
      for (int i = 0; i < 200; i++) {
        var realm = doppel.openRealm();
        realms.add(realm);
        ports.add(realm.uri().getPort());
      }
      assertThat(ports).hasSize(200);
      for (var realm : realms) {
        assertThat(create(http, "/~" + name(realm), "alice")).isEqualTo(201);
        realm.calls(InfluxOperation.POST_USERS).withUser("alice").once();
      }
      realms.forEach(Doppel::close);
    }

    private String name(Doppel realm) {
      return new JsonObject(http.send("GET", "/_doppel/realms", "").body())
          .getJsonArray("realms").stream()
              .map(JsonObject.class::cast)
              .filter(one -> one.getInteger("port") == realm.uri().getPort())
              .findFirst()
              .orElseThrow()
              .getString("name");
    }

    private long usedMemory() throws InterruptedException {
      var runtime = Runtime.getRuntime();
      for (int i = 0; i < 5; i++) {
        System.gc();
        Thread.sleep(50);
      }
      return runtime.totalMemory() - runtime.freeMemory();
    }
  }
}
