package dev.doppel.store.postgres;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.doppel.testkit.Await;
import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** A PgBouncer process in front of {@link TestPostgres}. */
final class PgBouncer implements AutoCloseable {

  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"));

  private final Process process;
  private final int port;

  private PgBouncer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts PgBouncer; skips the test where it isn't installed.
   *
   * @param mode {@code session} or {@code transaction}
   */
  static PgBouncer start(String mode) {
    var program = PROGRAMS.stream().filter(Files::isExecutable).findFirst();
    assumeThat(program).as("pgbouncer, as 'apt-get install pgbouncer' installs it").isPresent();
    try {
      return start(program.orElseThrow(), mode);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PgBouncer start(Path program, String mode) throws IOException {
    var readableByAll =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
    var folder = Files.createTempDirectory(Path.of("/tmp"), "pgbouncer", readableByAll);
    folder.toFile().deleteOnExit();
    Files.setPosixFilePermissions(folder, readableByAll.value());
    var server = PgConnectOptions.fromUri(TestPostgres.serverUri());
    var port = freePort();
    var users = folder.resolve("users.txt");
    Files.writeString(users, "\"%s\" \"%s\"\n".formatted(server.getUser(), server.getPassword()));
    var settings = folder.resolve("pgbouncer.ini");
    Files.writeString(
        settings,
        """
        [databases]
        * = host=%s port=%s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %s
        unix_socket_dir =
        auth_type = md5
        auth_file = %s
        pool_mode = %s
        max_client_conn = 500
        default_pool_size = 40
        """
            .formatted(server.getHost(), server.getPort(), port, users, mode));
    users.toFile().deleteOnExit();
    settings.toFile().deleteOnExit();
    var process =
        new ProcessBuilder(program.toString(), "-u", "nobody", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD)
            .start();
    Await.until("PgBouncer listens", () -> listens(port));
    return new PgBouncer(process, port);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean listens(int port) {
    try (var socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Returns the URI of the same schema through PgBouncer. */
  String through(String uri) {
    var through = uri.replaceFirst("@[^/]+/", "@127.0.0.1:" + port + "/");
    return through + (through.contains("?") ? "&" : "?") + "pgbouncer=true";
  }

  static void stop(Optional<PgBouncer> started) {
    started.ifPresent(PgBouncer::close);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
