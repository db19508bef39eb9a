package dev.doppel.cli;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.doppel.StartupException;
import dev.doppel.gateway.control.ControlPlane;
import dev.doppel.users.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code doppel backup}: copies a store into a new file. */
@Command(
    name = "backup",
    description = {
      "Copies a store into a new file, which --store file:PATH opens.",
      "",
      "With --url, copies the store of a running Doppel, which continues to accept changes. The"
          + " copy contains every change that was acknowledged before it began. If copying takes"
          + " more than 75 s, as with millions of users, stop Doppel and use --store.",
      "",
      "With --store file:PATH, copies a store that no process has open. For PostgreSQL, use"
          + " pg_dump.",
      "",
      "To restore: stop Doppel, remove PATH and PATH.seal, and move the copy to PATH."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BackupCommand implements Callable<Integer> {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Limit for copying a store that this process opens. */
  private static final Duration COPY_TIMEOUT = Duration.ofHours(1);

  /** Limit for a running Doppel to start its response. Doppel closes the connection after 75 s. */
  private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(90);

  /** Limit for the whole download. */
  private static final Duration DOWNLOAD_TIMEOUT = Duration.ofHours(1);

  /** Bytes of an error response that are shown. */
  private static final int MAX_ERROR_BYTES = 500;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final ExistingStoreOptions store = new ExistingStoreOptions();

  @Option(
      names = "--url",
      description = "Address of a running Doppel, such as http://127.0.0.1:8080.")
  private @Nullable String url;

  @Option(
      names = "--dialect",
      description = "With --url: whose store, if each dialect of the running Doppel has its own.")
  private @Nullable String dialect;

  @Option(
      names = "--control-token",
      description = "Bearer token for /_doppel/ of the running Doppel.")
  private @Nullable String controlToken;

  @Option(names = "--control-token-file", description = "File with the token.")
  private @Nullable String controlTokenFile;

  @Parameters(paramLabel = "TARGET", description = "The new file; must not exist.")
  private String target = "";

  @Override
  public Integer call() throws InterruptedException {
    var file = file();
    var storeGiven = isGiven("--store") || isGiven("--store-file");
    if (isGiven("--url") && storeGiven) {
      throw new StartupException(
          StartupException.CONFIGURATION, "--url: not allowed together with --store");
    }
    if (dialect != null && (url == null || storeGiven)) {
      throw new StartupException(StartupException.CONFIGURATION, "--dialect: only with --url");
    }
    // A flag on the command line wins: the other value may be a default that is meant for serve.
    if (url != null && !storeGiven) {
      var from = backupUri(url);
      NewFile.write(file, part -> download(from, part));
    } else if (store.isSet()) {
      copy(store.store(), file);
    } else {
      throw new StartupException(StartupException.CONFIGURATION, "backup: needs --url or --store");
    }
    spec.commandLine().getOut().printf("doppel: wrote %s bytes to '%s'%n", size(file), file);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private boolean isGiven(String flag) {
    return spec.commandLine().getParseResult().hasMatchedOption(flag);
  }

  private Path file() {
    try {
      return Path.of(target).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw StartupException.invalidFlag("TARGET", "'" + target + "'", "the name of a new file");
    }
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  private static void copy(Store store, Path target) throws InterruptedException {
    if (store.directory().isEmpty()) {
      throw StartupException.invalidFlag(
          "--store", "'" + store + "'", "file:PATH, or pg_dump for a PostgreSQL database");
    }
    NewFile.write(
        target,
        part ->
            ExistingStore.<Void>use(
                store,
                COPY_TIMEOUT.toSeconds(),
                "while it was copied",
                (vertx, storage) -> storage.backup(part)));
  }

  private URI backupUri(String url) {
    try {
      var address = new URI(url);
      if (("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
          && address.getHost() != null
          && address.getRawUserInfo() == null
          && address.getQuery() == null
          && address.getFragment() == null) {
        return URI.create(
            url.replaceAll("/+$", "")
                + ControlPlane.PREFIX
                + "/backup"
                + (dialect == null
                    ? ""
                    : "?dialect=" + URLEncoder.encode(dialect, StandardCharsets.UTF_8)));
      }
    } catch (URISyntaxException e) {
      // rejected below, like any other invalid value
    }
    throw StartupException.invalidFlag(
        "--url",
        "'" + StartupException.withoutUserInfo(url) + "'",
        "an address such as http://127.0.0.1:8080");
  }

  private void download(URI from, Path part) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(from).timeout(RESPONSE_TIMEOUT).GET();
    SecretFile.read("--control-token", controlToken, controlTokenFile)
        .ifPresent(token -> authorize(request, token));
    try (var body = send(from, request.build()).body();
        var out = NewFile.create(part)) {
      transfer(from, body, out);
    }
  }

  private static void authorize(HttpRequest.Builder request, String token) {
    try {
      request.header("Authorization", "Bearer " + token);
    } catch (IllegalArgumentException e) { // not passed on: its message contains the token
      throw StartupException.invalidFlag("--control-token", "as given", "visible characters");
    }
  }

  private static void transfer(URI from, InputStream body, OutputStream out) throws IOException {
    var buffer = new byte[1 << 16];
    var deadline = CompletableFuture.delayedExecutor(DOWNLOAD_TIMEOUT.toSeconds(), SECONDS);
    deadline.execute(() -> close(body));
    for (int read = read(from, body, buffer); read >= 0; read = read(from, body, buffer)) {
      out.write(buffer, 0, read);
    }
  }

  /** Closes the response, which also ends a pending read. */
  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // the read that is ended reports the error
    }
  }

  /** Reads the next bytes. Fails also if the response is shorter than its Content-Length. */
  private static int read(URI from, InputStream body, byte[] buffer) {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw newDownloadException(from, "the response ended early");
    }
  }

  private static HttpResponse<InputStream> send(URI from, HttpRequest request)
      throws InterruptedException {
    HttpResponse<InputStream> response;
    try {
      response =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT_TIMEOUT)
              .build()
              .send(request, BodyHandlers.ofInputStream());
    } catch (HttpTimeoutException e) {
      throw newDownloadException(from, "timed out");
    } catch (SSLException e) {
      throw newDownloadException(
          from, "its certificate isn't trusted, or TLS failed: " + e.getMessage());
    } catch (ConnectException e) {
      throw newDownloadException(from, "can't connect");
    } catch (IOException e) {
      throw newDownloadException(from, "the connection was closed without a response");
    }
    if (response.statusCode() != 200) {
      throw newDownloadException(from, response.statusCode() + " " + error(response));
    }
    return response;
  }

  private static String error(HttpResponse<InputStream> response) {
    try (var body = response.body()) {
      return new String(body.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8)
          .strip()
          .replaceAll("\\p{Cntrl}", " ");
    } catch (IOException e) {
      return "";
    }
  }

  private static StartupException newDownloadException(URI from, String why) {
    return new StartupException(StartupException.MACHINE, "--url %s: %s".formatted(from, why));
  }
}
