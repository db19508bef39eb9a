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
      "With --url, from a running Doppel: the copy holds everything that was acknowledged before,"
          + " and changes go on meanwhile. A store that takes more than 75 s to copy, with"
          + " millions of users, has to be closed and copied with --store."
          + " With --store, from a file store that no process has open."
          + " For PostgreSQL use pg_dump.",
      "",
      "To go back to it: stop Doppel, remove PATH and PATH.seal, and put the copy at PATH."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BackupCommand implements Callable<Integer> {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** For the copy of a store that this process opens. */
  private static final Duration COPY_TIMEOUT = Duration.ofHours(1);

  /** For a running Doppel to begin to send its copy. It closes the connection after 75 s. */
  private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(90);

  /** For all of the copy to arrive. */
  private static final Duration DOWNLOAD_TIMEOUT = Duration.ofHours(1);

  private static final int MAX_ERROR = 500;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--config", description = "YAML file with a 'flag: value' a line.")
  @SuppressWarnings("UnusedVariable") // Defaults reads it, before the others are looked at
  private @Nullable String config;

  @Option(names = "--store", description = "file:PATH; must exist and not be open.")
  private @Nullable String store;

  @Option(names = "--store-file", description = "File with the value of --store.")
  private @Nullable String storeFile;

  @Option(
      names = "--url",
      description = "Address of a Doppel that runs, such as http://127.0.0.1:8080.")
  private @Nullable String url;

  @Option(names = "--control-token", description = "Its bearer token for /_doppel/.")
  private @Nullable String controlToken;

  @Option(names = "--control-token-file", description = "A file with that token.")
  private @Nullable String controlTokenFile;

  @Parameters(paramLabel = "TARGET", description = "The new file; must not exist.")
  private String target = "";

  @Override
  public Integer call() throws InterruptedException {
    var file = file();
    var ofStore = given("--store") || given("--store-file");
    if (given("--url") && ofStore) {
      throw new StartupException(
          StartupException.CONFIGURATION, "--url: not allowed together with --store");
    }
    // The other one may be a default that is meant for serve.
    if (url != null && !ofStore) {
      var from = address(url);
      NewFile.write(file, missing -> download(from, missing));
    } else if (store != null || storeFile != null) {
      copy(StoreOptions.parseLasting(store, storeFile), file);
    } else {
      throw new StartupException(
          StartupException.CONFIGURATION, "backup: not complete; use --url or --store");
    }
    spec.commandLine().getOut().printf("doppel: %s bytes in '%s'%n", size(file), file);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private boolean given(String flag) {
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

  private static void copy(Store where, Path target) throws InterruptedException {
    if (where.directory().isEmpty()) {
      throw StartupException.invalidFlag(
          "--store", "a PostgreSQL database", "file:PATH here, and pg_dump for a database");
    }
    NewFile.write(
        target,
        missing ->
            ExistingStore.<Void>use(
                where,
                COPY_TIMEOUT.toSeconds(),
                "while it was copied",
                (vertx, storage) -> storage.backup(missing)));
  }

  private static URI address(String url) {
    try {
      var address = new URI(url);
      if (("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
          && address.getHost() != null
          && address.getRawUserInfo() == null
          && address.getQuery() == null
          && address.getFragment() == null) {
        return URI.create(url.replaceAll("/+$", "") + ControlPlane.PREFIX + "/backup");
      }
    } catch (URISyntaxException e) {
      // refused below, as any other text
    }
    throw StartupException.invalidFlag(
        "--url",
        "'" + StartupException.withoutUserInfo(url) + "'",
        "an address such as http://127.0.0.1:8080");
  }

  private void download(URI from, Path missing) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(from).timeout(RESPONSE_TIMEOUT).GET();
    SecretFile.read("--control-token", controlToken, controlTokenFile)
        .ifPresent(token -> authorize(request, token));
    try (var body = answer(from, request.build()).body();
        var out = NewFile.create(missing)) {
      transfer(from, body, out);
    }
  }

  private static void authorize(HttpRequest.Builder request, String token) {
    try {
      request.header("Authorization", "Bearer " + token);
    } catch (IllegalArgumentException e) { // whose message has the token
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

  /** Ends what waits for its next bytes. */
  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // it is of no use any more, and the reader says why
    }
  }

  /** Also fails if the answer is shorter than announced. */
  private static int read(URI from, InputStream body, byte[] buffer) {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw unreachable(from, "the answer broke off");
    }
  }

  private static HttpResponse<InputStream> answer(URI from, HttpRequest request)
      throws InterruptedException {
    HttpResponse<InputStream> answer;
    try {
      answer =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT_TIMEOUT)
              .build()
              .send(request, BodyHandlers.ofInputStream());
    } catch (HttpTimeoutException e) {
      throw unreachable(from, "no answer in time");
    } catch (SSLException e) {
      throw unreachable(from, "its certificate isn't trusted, or TLS failed: " + e.getMessage());
    } catch (ConnectException e) {
      throw unreachable(from, "can't connect");
    } catch (IOException e) {
      throw unreachable(from, "the connection was closed without an answer");
    }
    if (answer.statusCode() != 200) {
      throw unreachable(from, answer.statusCode() + " " + error(answer));
    }
    return answer;
  }

  private static String error(HttpResponse<InputStream> answer) {
    try (var body = answer.body()) {
      return new String(body.readNBytes(MAX_ERROR), StandardCharsets.UTF_8)
          .strip()
          .replaceAll("\\p{Cntrl}", " ");
    } catch (IOException e) {
      return "";
    }
  }

  private static StartupException unreachable(URI from, String why) {
    return new StartupException(StartupException.MACHINE, "--url %s: %s".formatted(from, why));
  }
}
