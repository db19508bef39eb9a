package dev.doppel.store.postgres;

import static dev.doppel.testkit.Await.await;

import dev.doppel.testkit.Link;
import dev.doppel.users.Storage;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The PostgreSQL server for tests: the one whose URI is in {@value #VARIABLE}; otherwise one in a
 * container if a container engine runs, otherwise an embedded one. All tests of a JVM share it, and
 * it ends with the JVM.
 */
public final class TestPostgres {

  public static final String VARIABLE = "DOPPEL_TEST_POSTGRES";

  /** Random, since several builds may share one server. */
  private static final String SCHEMA_PREFIX =
      "test_" + HexFormat.of().toHexDigits(new Random().nextLong()) + "_";

  private static final String LIST_TABLES =
      "SELECT tablename FROM pg_tables WHERE schemaname = '%s'";

  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private TestPostgres() {}

  /** Starts the server when it is first used. */
  private static final class Server {
    static final String URI = find();

    private static String find() {
      var given = Optional.ofNullable(System.getenv(VARIABLE)).filter(text -> !text.isBlank());
      return given.orElseGet(
          () -> DockerClientFactory.instance().isDockerAvailable() ? inContainer() : embedded());
    }

    private static String inContainer() {
      var container = new PostgreSQLContainer("postgres:18-alpine");
      container.start();
      return "postgresql://%s:%s@%s:%s/%s"
          .formatted(
              container.getUsername(),
              container.getPassword(),
              container.getHost(),
              container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
              container.getDatabaseName());
    }

    private static String embedded() {
      return "postgresql://postgres:postgres@localhost:%s/postgres"
          .formatted(TestPostgres.start().getPort());
    }
  }

  /**
   * Starts another server, for tests that stop it. The launcher formats numbers by the default
   * locale, but the server reads ASCII digits only.
   */
  public static EmbeddedPostgres start() {
    var locale = Locale.getDefault();
    Locale.setDefault(Locale.ROOT);
    try {
      return EmbeddedPostgres.builder()
          .setServerConfig("fsync", "off")
          .setServerConfig("max_connections", "200")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Locale.setDefault(locale);
    }
  }

  /** Returns the URI of the server itself. */
  static String serverUri() {
    return Server.URI;
  }

  /** Returns the URI of a new, empty schema. */
  public static String newUri() {
    return Server.URI
        + (Server.URI.contains("?") ? "&" : "?")
        + "search_path="
        + SCHEMA_PREFIX
        + SCHEMAS.incrementAndGet();
  }

  /**
   * Runs a script that creates a schema.
   *
   * @param uri of a schema that doesn't exist yet
   * @param script statements of SQL, with {@code %schema%} in place of the schema's name
   */
  public static void load(String uri, String script) {
    var options = PgConnectOptions.fromUri(uri);
    var schema = Objects.requireNonNull(options.getProperties().get("search_path"));
    try (var connection = connect(options);
        var statement = connection.createStatement()) {
      statement.execute(script.replace("%schema%", '"' + schema + '"'));
    } catch (SQLException e) {
      throw new IllegalStateException("a script that can't be run", e);
    }
  }

  /** Opens a connection to a schema, for example to hold a lock in it. */
  public static Connection connection(String uri) throws SQLException {
    var options = PgConnectOptions.fromUri(uri);
    var connection = connect(options);
    connection.setSchema(options.getProperties().get("search_path"));
    return connection;
  }

  private static Connection connect(PgConnectOptions options) throws SQLException {
    var url =
        "jdbc:postgresql://%s:%s/%s"
            .formatted(options.getHost(), options.getPort(), options.getDatabase());
    return DriverManager.getConnection(url, options.getUser(), options.getPassword());
  }

  /** Returns all rows of a schema as text, with printable bytes as ASCII. */
  public static String contents(String uri) {
    var options = PgConnectOptions.fromUri(uri);
    var schema = Objects.requireNonNull(options.getProperties().get("search_path"));
    var contents = new StringBuilder();
    try (var connection = connect(options);
        var statement = connection.createStatement()) {
      statement.execute("SET bytea_output = 'escape'");
      for (var table : column(statement, LIST_TABLES.formatted(schema))) {
        contents.append(table).append('\n');
        column(statement, "SELECT t::text FROM \"%s\".\"%s\" t".formatted(schema, table))
            .forEach(row -> contents.append(row).append('\n'));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("a schema that can't be read", e);
    }
    return contents.toString();
  }

  private static List<String> column(Statement statement, String query) throws SQLException {
    var column = new ArrayList<String>();
    try (var rows = statement.executeQuery(query)) {
      while (rows.next()) {
        column.add(rows.getString(1));
      }
    }
    return column;
  }

  /** Returns the URI of the same schema through a link. */
  public static String through(Link link, String uri) {
    return uri.replaceFirst("@[^/]+/", "@127.0.0.1:" + link.port() + "/");
  }

  /** Opens a link to the server that can be cut. */
  public static Link newLink(Vertx vertx) {
    var options = PgConnectOptions.fromUri(Server.URI);
    return new Link(vertx, options.getHost(), options.getPort());
  }

  /** Opens a new, empty storage. */
  public static Storage newStorage(Vertx vertx) {
    return await(PgStorage.open(vertx, PgAddress.parse(newUri()), PgStorage.DEFAULT_CONNECTIONS));
  }
}
