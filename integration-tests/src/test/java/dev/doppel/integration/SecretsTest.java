package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Limits;
import dev.doppel.gateway.Http;
import dev.doppel.store.MvStore;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import dev.doppel.users.Store;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Sends recognizable passwords and tokens to every operation, in valid and invalid requests, with
 * all logging on, and then searches everything that is stored, logged or returned for them.
 */
class SecretsTest {

  private static final String ADMINISTRATORS = "Marker-Adm1n-P4ssword";
  private static final String OPERATORS = "marker-operator-token-7";
  private static final String CONTROL = "marker-control-token-8";
  private static final String USERS = "Marker-Us3r-P4ssword";
  private static final String NEW = "Marker-N3w-P4ssword";
  private static final String WRONG = "Marker-Wr0ng-P4ssword";

  private static final int CONNECTIONS = 4;

  @TempDir Path folder;

  /** Secrets and their names, for the message when one is found. */
  private final Map<String, String> secrets = new LinkedHashMap<>();

  private final Queue<String> log = new ConcurrentLinkedQueue<>();

  private final Handler everything =
      new Handler() {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
          if (!String.valueOf(record.getLoggerName()).startsWith("jdk.")) { // the test's own client
            log.add(record.getLoggerName() + ": " + formatter.format(record));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private void secret(String name, String value) {
    secrets.put(name, value);
  }

  private enum Where {
    FILE,
    POSTGRESQL
  }

  @ParameterizedTest
  @EnumSource
  void secrets_areNeitherStoredNorShown(Where where) throws IOException {
    List.of(ADMINISTRATORS, OPERATORS, CONTROL, USERS, NEW, WRONG).forEach(one -> secret(one, one));
    secret("Basic", base64("alice:" + USERS));
    secret("Basic of the administrator", base64("root:" + ADMINISTRATORS));
    var root = Logger.getLogger("");
    var level = root.getLevel();
    root.addHandler(everything);
    root.setLevel(Level.ALL);
    try {
      if (where == Where.FILE) {
        var file = folder.resolve("users.db");
        drive(MvStore.file(file));
        assertNotKept(Files.readString(file, StandardCharsets.ISO_8859_1));
      } else {
        var uri = TestPostgres.newUri();
        drive(new PgStore(PgAddress.parse(uri), CONNECTIONS));
        assertNotKept(TestPostgres.contents(uri));
      }
    } finally {
      root.setLevel(level);
      root.removeHandler(everything);
    }
  }

  private void assertNotKept(String store) {
    assertThat(store).as("names are kept as they are").contains("root");
    assertHidden("the store", store);
  }

  private static DoppelConfig config(Store store) {
    return DoppelConfig.DEFAULT.toBuilder()
        .store(store)
        .hash(HashScheme.FAST)
        .credentials(
            new Credentials(
                Optional.empty(),
                Optional.of(new Password(ADMINISTRATORS)),
                Optional.of(OPERATORS),
                false))
        .controlToken(CONTROL)
        .limits(Limits.DEFAULT.withWrongPasswordsPerMinute(1_000_000))
        .journal(100_000)
        .port(0)
        .build();
  }

  private void drive(Store store) {
    var config = config(store);
    assertHidden("the configuration", config.toString());
    try (var doppel = Doppel.start(config)) {
      var http = new Http(doppel.uri(), CONTROL);
      live(http);
      everyOperation(http);
      everyCall(doppel.uri());
      for (var shown :
          List.of(
              "requests?limit=1000",
              "requests/count",
              "metrics",
              "users",
              "faults",
              "operations")) {
        assertHidden(shown, http.control("GET", shown, ""));
      }
      var users = new JsonObject(http.send("GET", "/_doppel/users", "").body());
      for (var user : users.getJsonArray("users")) {
        var id = ((JsonObject) user).getString("id");
        assertHidden("users/" + id, http.control("GET", "users/" + id, ""));
      }
      assertThat(http.control("GET", "requests?limit=1000", "")).contains("alice");
    }
    var lines = String.join("", log);
    assertThat(lines).as("something is logged at all").isNotEmpty();
    assertHidden("the log", lines);
  }

  /** Creates, uses and deletes users through all dialects, and records their tokens as secrets. */
  private void live(Http http) {
    var root = "Bearer root:" + ADMINISTRATORS;
    var create = new JsonObject().put("userName", "alice").put("password", USERS).encode();
    ok(http.send("POST", "/v2/vectordb/users/create", create, "Authorization", root).statusCode());
    var signIn = http.send("POST", "/api/v2/signin", "", "Authorization", basic("alice", USERS));
    ok(signIn.statusCode());
    secret(
        "InfluxDB session",
        signIn.headers().firstValue("Set-Cookie").orElseThrow().replaceAll("^[^=]+=|;.*$", ""));
    var session =
        http.send(
            "POST",
            "/cloudapi/1.0.0/sessions",
            "",
            "Authorization",
            basic("alice@doppel", USERS),
            "Accept",
            "application/json;version=39.1");
    ok(session.statusCode());
    secret(
        "VCD session", session.headers().firstValue("X-VMWARE-VCLOUD-ACCESS-TOKEN").orElseThrow());
    var login =
        http.send(
            "POST",
            "/v1/auth/login",
            "{\"provider\":\"traditional\",\"payload\":{\"email\":\"alice\",\"password\":\"%s\"}}"
                .formatted(USERS),
            "Content-Type",
            "application/json");
    ok(login.statusCode());
    var data = new JsonObject(login.body()).getJsonObject("data");
    secret("Workspace token", data.getJsonObject("accessToken").getString("token"));
    var org =
        new JsonObject(
                http.send("GET", "/api/v2/orgs", "", "Authorization", "Token " + OPERATORS).body())
            .getJsonArray("orgs")
            .getJsonObject(0)
            .getString("id");
    var authorization =
        http.send(
            "POST",
            "/api/v2/authorizations",
            "{\"orgID\":\"%s\",\"permissions\":[{\"action\":\"read\",\"resource\":{\"type\":\"users\"}}]}"
                .formatted(org),
            "Authorization",
            "Token " + OPERATORS);
    ok(authorization.statusCode());
    secret("InfluxDB token", new JsonObject(authorization.body()).getString("token"));
  }

  private static void ok(int status) {
    assertThat(status).isBetween(200, 299);
  }

  /** Sends valid and invalid requests, with all kinds of credentials in path, query and body. */
  private void everyOperation(Http http) {
    var body =
        new JsonObject()
            .put("userName", "alice")
            .put("name", "alice")
            .put("email", "alice@example.com")
            .put("password", WRONG)
            .put("oldPassword", WRONG)
            .put("currentPassword", WRONG)
            .put("newPassword", NEW)
            .put("token", OPERATORS)
            .put("refreshToken", OPERATORS)
            .put("provider", "traditional")
            .put("payload", new JsonObject().put("email", "alice").put("password", WRONG))
            .encode();
    var bodies =
        List.of(
            body,
            body.substring(0, body.length() - 2),
            "[" + body + "]",
            "grant_type=refresh_token&refresh_token=" + OPERATORS + "&password=" + WRONG);
    var authorizations =
        List.of(
            "Bearer root:" + ADMINISTRATORS,
            "Bearer alice:" + WRONG,
            "Token " + OPERATORS,
            "Bearer " + OPERATORS,
            basic("alice", WRONG),
            basic("root", ADMINISTRATORS));
    secret("Basic of nobody", base64("alice:" + WRONG));
    for (var operation : operations(http)) {
      var path = operation.getString("path").replaceAll(":[a-zA-Z]+", "0000000000000001");
      for (int i = 0; i < authorizations.size(); i++) {
        var text = bodies.get(i % bodies.size());
        http.send(
            operation.getString("method"),
            path + "?token=" + OPERATORS + "&password=" + WRONG,
            text,
            "Authorization",
            authorizations.get(i),
            "Content-Type",
            text.startsWith("grant") ? "application/x-www-form-urlencoded" : "application/json",
            "Accept",
            "application/json;version=39.1");
      }
    }
  }

  /** Sends gRPC calls with passwords, in Base64 and not, in every text field. */
  private void everyCall(URI gateway) {
    secret("Base64 of a user's password", base64(USERS));
    secret("Base64 of a new password", base64(NEW));
    secret("Base64 of a wrong password", base64(WRONG));
    var authorizations =
        List.of(
            base64("root:" + ADMINISTRATORS),
            base64("alice:" + USERS),
            base64("alice:" + WRONG),
            OPERATORS);
    try (var calls = new MilvusCalls(gateway)) {
      for (var name : MilvusCalls.names()) {
        for (var authorization : authorizations) {
          for (var password : List.of(base64(NEW), base64(WRONG), WRONG)) {
            var metadata = Map.of("authorization", authorization, "dbname", "books");
            calls.call(
                name,
                field -> field.toLowerCase(Locale.ROOT).contains("password") ? password : "alice",
                metadata);
          }
        }
      }
    }
  }

  private static List<JsonObject> operations(Http http) {
    var all = new ArrayList<JsonObject>();
    for (var dialect :
        new JsonObject(http.send("GET", "/_doppel/operations", "").body())
            .getJsonArray("dialects")) {
      ((JsonObject) dialect)
          .getJsonArray("operations").stream()
              .map(JsonObject.class::cast)
              .filter(operation -> !operation.getString("method").equals("GRPC"))
              .filter(operation -> !operation.getString("path").contains("setup"))
              .forEach(all::add);
    }
    return all;
  }

  private void assertHidden(String where, String text) {
    secrets.forEach(
        (name, value) -> {
          var at = text.indexOf(value);
          if (at >= 0) {
            var around = text.substring(Math.max(0, at - 200), at);
            throw new AssertionError(where + " shows " + name + " behind: " + around);
          }
        });
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void exceptionsAndRecords_hideSecrets() {
    var password = new Password(USERS);
    var text = new StringWriter();
    new IllegalStateException("" + password).printStackTrace(new PrintWriter(text));
    secret(USERS, USERS);
    assertHidden("a stack trace", text.toString());
    assertHidden("credentials", config(MvStore.memory()).credentials().toString());
  }
}
