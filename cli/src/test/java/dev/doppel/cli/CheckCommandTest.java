package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.gateway.PersistentGateways;
import dev.doppel.store.MvStore;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.users.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Problems that {@code doppel check} finds and repairs in damaged stores. */
class CheckCommandTest {

  private static final String SEED =
      """
      {"organizations": [{"name": "acme"}], "roles": [{"name": "reader"}],
       "users": [{"name": "ann", "email": "ann@example.com", "roles": ["reader"],
                  "organizations": {"acme": "owner"}},
                 {"name": "bob"}]}
      """;

  private static final String SOUND = "doppel: 3 users, 3 organizations and 3 roles; no problems\n";

  @TempDir Path folder;

  private record Outcome(int exitCode, String out, String err) {}

  private static Outcome check(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var all = new String[args.length + 1];
    all[0] = "check";
    System.arraycopy(args, 0, all, 1, args.length);
    var exitCode =
        Main.commandLine(Defaults.of(all, Map.of()))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(all);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  private static void fill(Store store) {
    try (var doppel = PersistentGateways.start(store)) {
      assertThat(PersistentGateways.client(doppel).control("POST", "seed", SEED))
          .startsWith("200 ");
    }
  }

  private static void assertMends(String store, String... problems) {
    var found = check("--store=" + store);
    assertThat(found.exitCode()).isEqualTo(1);
    assertThat(found.out().lines()).hasSize(problems.length + 1);
    for (var problem : problems) {
      assertThat(found.out()).containsPattern("doppel: " + problem);
    }
    assertThat(check("--store=" + store, "--mend")).isEqualTo(new Outcome(0, SOUND, ""));
    assertThat(check("--store=" + store)).isEqualTo(new Outcome(0, SOUND, ""));
  }

  @Test
  void mend_rebuildsIndexesOfFile() throws IOException {
    var file = folder.resolve("users.db");
    fill(MvStore.file(file));
    assertThat(check("--store=file:" + file)).isEqualTo(new Outcome(0, SOUND, ""));
    try (var damaged = MVStore.open(file.toString())) {
      for (var index : List.of("emails", "memberCounts", "organizationNames")) {
        damaged
            .openMap(
                index,
                new MVMap.Builder<String, Long>()
                    .keyType(StringDataType.INSTANCE)
                    .valueType(LongDataType.INSTANCE))
            .clear();
      }
    }
    Files.delete(Path.of(file + ".seal"));
    assertMends(
        "file:" + file,
        "user [0-9a-f]{16}: not found by its e-mail address",
        "organization [0-9a-f]{16}: not found by its name",
        "organization [0-9a-f]{16}: not found by its name",
        "organization [0-9a-f]{16}: not found by its name",
        "organization [0-9a-f]{16}: counted as 0 users, has 1",
        "organization [0-9a-f]{16}: counted as 0 users, has 1",
        "organization that is the default: counted as 0 users, has 2");
  }

  @Test
  void mend_removesMissingRoles() throws IOException {
    var file = folder.resolve("users.db");
    fill(MvStore.file(file));
    try (var damaged = MVStore.open(file.toString())) {
      damaged.openMap("roles").clear();
    }
    Files.delete(Path.of(file + ".seal"));
    var found = check("--store=file:" + file);
    assertThat(found.exitCode()).isEqualTo(1);
    assertThat(found.out())
        .containsPattern("doppel: user [0-9a-f]{16}: holds role 'reader', which is gone\n");
    assertThat(check("--store=file:" + file, "--mend").out())
        .isEqualTo("doppel: 3 users, 3 organizations and 0 roles; no problems\n");
  }

  @Test
  void mend_rebuildsCountsOfDatabase() throws SQLException {
    var uri = TestPostgres.newUri();
    fill(new PgStore(PgAddress.parse(uri), 2));
    assertThat(check("--store=" + uri)).isEqualTo(new Outcome(0, SOUND, ""));
    try (var connection = TestPostgres.connection(uri);
        var statement = connection.createStatement()) {
      statement.execute("DELETE FROM member_counts WHERE organization = 0");
    }
    assertMends(uri, "organization that is the default: counted as 0 users, has 2");
  }

  @Test
  void wrongInput_isReportedInOneLine() {
    assertThat(check("--store=memory:"))
        .isEqualTo(
            new Outcome(
                2,
                "",
                "doppel: --store 'memory:', which isn't persistent: not allowed; use file:PATH or"
                    + " postgresql://USER:PASSWORD@HOST:PORT/DATABASE\n"));
    assertThat(check("--store=file:" + folder.resolve("none.db")).err())
        .endsWith("none.db doesn't exist\n");
    assertThat(check().err())
        .contains(
            "--store: required; use file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE");
  }
}
