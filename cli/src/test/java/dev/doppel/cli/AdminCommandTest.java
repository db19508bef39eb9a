package dev.doppel.cli;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.PersistentGateways;
import dev.doppel.gateway.VendorClient;
import dev.doppel.store.MvStore;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStorage;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.users.Store;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Resetting passwords and creating administrators directly in a store. */
class AdminCommandTest {

  private static final String OLD = "0ld-P@ssw0rd";
  private static final String NEW = "N3w-P@ssw0rd";
  private static final String OPERATOR = "Token doppel-operator-token";

  @TempDir Path folder;

  /** What a command prints, and its exit code. */
  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome admin(String... args) {
    return admin(Map.of(), args);
  }

  private static Outcome admin(Map<String, String> environment, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var all = new String[args.length + 1];
    all[0] = "admin";
    System.arraycopy(args, 0, all, 1, args.length);
    var exitCode =
        Main.commandLine(Defaults.of(all, environment))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(all);
    assertThat(out + err.toString()).doesNotContain(OLD, NEW);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  private static void assertDone(Outcome outcome, String line) {
    assertThat(outcome).isEqualTo(new Outcome(0, "doppel: " + line + "\n", ""));
  }

  private static void assertRefused(Outcome outcome, int exitCode, String line) {
    assertThat(outcome).isEqualTo(new Outcome(exitCode, "", "doppel: " + line + "\n"));
  }

  private static HttpResponse<String> signIn(Http http, String name, String password) {
    return http.send("POST", "/api/v2/signin", "", "Authorization", basic(name, password));
  }

  private static boolean isAdministrator(Http http, String name, String password) {
    var session =
        http.send(
            "POST",
            "/cloudapi/1.0.0/sessions/provider",
            "",
            "Authorization",
            basic(name + "@System", password),
            "Accept",
            VendorClient.Vcloud.ACCEPT);
    return session.statusCode() == 200;
  }

  private static String create(Http http, String name) {
    var created =
        http.send(
            "POST", "/api/v2/users", "{\"name\":\"" + name + "\"}", "Authorization", OPERATOR);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    var id = new JsonObject(created.body()).getString("id");
    var set =
        http.send(
            "POST",
            "/api/v2/users/" + id + "/password",
            "{\"password\":\"" + OLD + "\"}",
            "Authorization",
            OPERATOR);
    assertThat(set.statusCode()).isEqualTo(204);
    return id;
  }

  /** Tests that hold for both kinds of stores. */
  private abstract static class Contract {

    abstract Store store();

    /** The value of {@code --store}. */
    abstract String flag();

    private Doppel start() {
      return PersistentGateways.start(store(), OLD);
    }

    @Test
    void resetPassword_restoresBuiltInAdministrator() {
      String cookie;
      try (var doppel = start()) {
        var http = PersistentGateways.client(doppel);
        cookie = signIn(http, "root", OLD).headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(http.send("GET", "/api/v2/me", "", "Cookie", cookie).statusCode())
            .isEqualTo(200);
      }
      assertDone(
          admin("reset-password", "--store", flag(), "--password", NEW),
          "user 'root' has a new password; its sessions have ended");
      try (var doppel = start()) {
        var http = PersistentGateways.client(doppel);
        assertThat(signIn(http, "root", OLD).statusCode()).isEqualTo(401);
        assertThat(signIn(http, "root", NEW).statusCode()).isEqualTo(204);
        assertThat(isAdministrator(http, "root", NEW)).isTrue();
        assertThat(http.send("GET", "/api/v2/me", "", "Cookie", cookie).statusCode())
            .isEqualTo(401);
        assertThat(http.send("GET", "/api/v2/me", "", "Authorization", OPERATOR).statusCode())
            .isEqualTo(200);
      }
    }

    @Test
    void resetPassword_activatesOrdinaryUserWithoutChangingRights() {
      try (var doppel = start()) {
        var http = PersistentGateways.client(doppel);
        var id = create(http, "ann");
        var patched =
            http.send(
                "PATCH",
                "/api/v2/users/" + id,
                "{\"status\":\"inactive\"}",
                "Authorization",
                OPERATOR);
        assertThat(patched.statusCode()).isEqualTo(200);
      }
      assertDone(
          admin("reset-password", "--store=" + flag(), "--user=ann", "--password=" + NEW),
          "user 'ann' has a new password and is active again; its sessions have ended; it is not"
              + " an administrator");
      try (var doppel = start()) {
        var http = PersistentGateways.client(doppel);
        assertThat(signIn(http, "ann", NEW).statusCode()).isEqualTo(204);
        assertThat(isAdministrator(http, "ann", NEW)).isFalse();
        assertThat(isAdministrator(http, "root", OLD)).isTrue();
      }
    }

    @Test
    void create_addsAdministrator() throws IOException {
      start().close();
      var file = Files.createTempFile("password", ".txt");
      try {
        Files.writeString(file, NEW + "\n");
        assertDone(
            admin("create", "--store=" + flag(), "--user=ann", "--password-file=" + file),
            "user 'ann' is an administrator now");
      } finally {
        Files.delete(file);
      }
      try (var doppel = start()) {
        var http = PersistentGateways.client(doppel);
        assertThat(signIn(http, "ann", NEW).statusCode()).isEqualTo(204);
        assertThat(isAdministrator(http, "ann", NEW)).isTrue();
        assertThat(isAdministrator(http, "root", OLD)).isTrue();
      }
    }

    @Test
    void create_rejectsTakenAndReservedNames() {
      try (var doppel = start()) {
        create(PersistentGateways.client(doppel), "ann");
      }
      assertRefused(
          admin("create", "--store=" + flag(), "--user=ann", "--password=" + NEW),
          1,
          "--user 'ann': taken; use another name, or 'doppel admin reset-password'");
      for (var reserved : new String[] {"root", " Root", "ADMINISTRATOR"}) {
        assertRefused(
            admin("create", "--store=" + flag(), "--user=" + reserved, "--password=" + NEW),
            1,
            "--user '%s': reserved for the built-in administrator; use another name"
                .formatted(reserved));
      }
      try (var doppel = start()) {
        assertThat(signIn(PersistentGateways.client(doppel), "ann", NEW).statusCode())
            .isEqualTo(401);
      }
    }

    @Test
    void resetPassword_rejectsUnknownUser() {
      start().close();
      assertRefused(
          admin("reset-password", "--store=" + flag(), "--user=ann", "--password=" + NEW),
          1,
          "--user 'ann': no such user; 'doppel admin create' creates an administrator");
    }
  }

  @Nested
  class InFile extends Contract {

    private Path file() {
      return folder.resolve("users.db");
    }

    @Override
    Store store() {
      return MvStore.file(file());
    }

    @Override
    String flag() {
      return "file:" + file();
    }

    @Test
    void commands_rejectMissingStore() throws IOException {
      for (var command : new String[] {"reset-password", "create"}) {
        assertRefused(
            admin(command, "--store=" + flag(), "--user=ann", "--password=" + NEW),
            1,
            "--store %s: %s doesn't exist".formatted(flag(), file()));
      }
      assertThat(folder).isEmptyDirectory();
      Files.createFile(file());
      assertRefused(
          admin("reset-password", "--store=" + flag(), "--password=" + NEW),
          1,
          "--store %s: %s is empty".formatted(flag(), file()));
      assertThat(file()).isEmptyFile();
      assertThat(folder).isDirectoryNotContaining(one -> !one.equals(file()));
    }

    @Test
    void resetPassword_rejectsStoreInUse() {
      try (var doppel = PersistentGateways.start(store(), OLD)) {
        assertRefused(
            admin("reset-password", "--store=" + flag(), "--password=" + NEW),
            1,
            "--store %s: %s is in use by another process".formatted(flag(), file()));
        assertThat(signIn(PersistentGateways.client(doppel), "root", OLD).statusCode())
            .isEqualTo(204);
      }
    }

    @Test
    void flags_areReadFromEnvironmentAndFile() throws IOException {
      PersistentGateways.start(store(), OLD).close();
      var config = Files.writeString(folder.resolve("c.yaml"), "store: '" + flag() + "'\n");
      assertDone(
          admin(Map.of("DOPPEL_STORE", flag(), "DOPPEL_PASSWORD", NEW), "reset-password"),
          "user 'root' has a new password; its sessions have ended");
      assertDone(
          admin(Map.of("DOPPEL_USER", "ann"), "create", "--config=" + config, "--password=" + NEW),
          "user 'ann' is an administrator now");
    }

    @Test
    void resetPassword_hashesStrongly() throws IOException {
      PersistentGateways.start(store(), OLD).close();
      assertThat(Files.readString(file(), java.nio.charset.StandardCharsets.ISO_8859_1))
          .doesNotContain("$argon2id$");
      assertThat(admin("reset-password", "--store=" + flag(), "--password=" + NEW).exitCode())
          .isZero();
      assertThat(Files.readString(file(), java.nio.charset.StandardCharsets.ISO_8859_1))
          .contains("$argon2id$")
          .doesNotContain(NEW);
    }
  }

  @Nested
  class InPostgres extends Contract {

    private final String uri = TestPostgres.newUri();

    @Override
    Store store() {
      return new PgStore(PgAddress.parse(uri), PgStorage.DEFAULT_CONNECTIONS);
    }

    @Override
    String flag() {
      return uri;
    }

    @Test
    void commands_rejectMissingStore() {
      for (var command : new String[] {"reset-password", "create"}) {
        assertRefused(
            admin(command, "--store=" + flag(), "--user=ann", "--password=" + NEW),
            1,
            "--store %s: there is no store in schema '%s' of this database"
                .formatted(store(), uri.replaceAll(".*search_path=", "")));
      }
      assertThat(TestPostgres.contents(uri)).isEmpty();
    }

    @Test
    void resetPassword_takesEffectInRunningGateway() {
      try (var doppel = PersistentGateways.start(store(), OLD)) {
        var http = PersistentGateways.client(doppel);
        var cookie = signIn(http, "root", OLD).headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(admin("reset-password", "--store=" + flag(), "--password=" + NEW).exitCode())
            .isZero();
        assertThat(http.send("GET", "/api/v2/me", "", "Cookie", cookie).statusCode())
            .isEqualTo(401);
        assertThat(signIn(http, "root", OLD).statusCode()).isEqualTo(401);
        assertThat(signIn(http, "root", NEW).statusCode()).isEqualTo(204);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "|admin: needs a subcommand; use reset-password or create",
        "reset|'reset': not known; did you mean 'reset-password'?",
        "reset-password --password x|--store: required; use file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        "reset-password --store memory: --password x|--store 'memory:', which isn't persistent: not allowed; use file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        "reset-password --store x://me:secret@h --password x|--store 'x://***@h': not allowed; use file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        "reset-password --store file:x --password x --password-file y|--password: not allowed together with --password-file",
        "reset-password --store file:x --password-file /no|--password-file '/no': not allowed; use a text file that can be read",
        "reset-password --store file:x --password=|--password '': not allowed; use at least one character other than spaces",
        "reset-password --store file:x --user= --password x|--user '': not allowed; use at least one character other than spaces, and no control characters",
        "create --store file:x --password x|Missing required option: '--user=<name>'",
        "create --store file:x --user a<LF>b --password x|--user 'a?b': not allowed; use at least one character other than spaces, and no control characters",
        "reset-password --store file:x secret|an argument that no flag needs: not expected; quote values that have blanks",
        "create --store file:x --user ann --pasword=secret|'--pasword': not known; did you mean '--password'?",
        "create --store file:x --user ann --password my secret|an argument that no flag needs: not expected; quote values that have blanks",
      })
  void wrongInput_isReportedInOneLineWithoutSecrets(String args, String line) {
    var all =
        args == null
            ? new String[0]
            : java.util.Arrays.stream(args.split(" ", -1))
                .map(one -> one.replace("<LF>", "\n"))
                .toArray(String[]::new);
    assertRefused(admin(all), 2, line);
  }
}
