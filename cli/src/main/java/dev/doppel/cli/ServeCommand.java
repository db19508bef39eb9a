package dev.doppel.cli;

import dev.doppel.BadRequestException;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Listen;
import dev.doppel.DoppelConfig.Tls;
import dev.doppel.Seed;
import dev.doppel.StartupException;
import dev.doppel.dialect.Suggestions;
import dev.doppel.gateway.Gateway;
import dev.doppel.gateway.metrics.Metrics;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doppel serve}: runs a gateway until the process receives a stop signal. */
@Command(
    name = "serve",
    description = "Serves the vendors' APIs until it is stopped (Ctrl-C or SIGTERM).",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_PORT = 65_535;
  private static final int MAX_JOURNAL = 1_000_000;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--config", description = "YAML file with one 'flag: value' per line.")
  @SuppressWarnings("UnusedVariable") // Defaults reads it before the command line is parsed
  private @Nullable String config;

  @Option(names = "--host", description = "Address to listen on. Default: 127.0.0.1")
  private String host = "127.0.0.1";

  @Option(names = "--port", description = "Port to listen on; 0 takes a free one. Default: 8080")
  private String port = "8080";

  @Mixin private final VendorOptions vendors = new VendorOptions();

  @Option(
      names = "--hash",
      description =
          "How new passwords are hashed: argon2id, or fast for tests. Default: fast in memory,"
              + " argon2id elsewhere")
  private @Nullable String hash;

  @Mixin private final CredentialOptions credentials = new CredentialOptions();

  @Option(
      names = "--blank",
      description =
          "Start an empty store without an administrator, so that a client can set it up.")
  private boolean blank;

  @Option(names = "--seed", description = "YAML or JSON file to load into an empty store.")
  private @Nullable String seed;

  @Option(
      names = "--journal",
      description =
          "Number of calls to keep for /_doppel/requests. Default: 1000 in memory, 0 elsewhere")
  private @Nullable String journal;

  @Option(
      names = "--control-token",
      description =
          "Bearer token for /_doppel/. Without it, only /_doppel/health and /_doppel/ready are"
              + " served if the store is persistent or --host isn't loopback.")
  private @Nullable String controlToken;

  @Option(names = "--control-token-file", description = "File with the token.")
  private @Nullable String controlTokenFile;

  @Option(
      names = "--control-port",
      description =
          "Serve /_doppel/ only on this port of 127.0.0.1, regardless of --host; 0 takes a free"
              + " one. A persistent store still needs --control-token. Default: the same as --port")
  private @Nullable String controlPort;

  @Option(
      names = "--metrics",
      description =
          "Add the servers, clients and pools of Vert.x to /_doppel/metrics. Starts more slowly.")
  private boolean vertxMetrics;

  @Option(
      names = "--mark-deviations",
      description =
          "Name in headers Doppel-Deviates where the vendor's product would answer otherwise than"
              + " documented.")
  private boolean markDeviations;

  @Option(names = "--tls-cert", description = "PEM file with the certificate chain.")
  private @Nullable String tlsCert;

  @Option(names = "--tls-key", description = "PEM file with the certificate's private key.")
  private @Nullable String tlsKey;

  @Option(
      names = "--tls-self-signed",
      description = "TLS with a certificate for loopback names that is generated at start.")
  private boolean tlsSelfSigned;

  @Mixin private final ProxyOptions proxies = new ProxyOptions();

  @Mixin private final StoreOptions store = new StoreOptions();

  @Mixin private final LimitOptions limits = new LimitOptions();

  @Override
  public Integer call() throws InterruptedException {
    var signals = StopSignals.handle();
    try {
      // A seed may be large, so a signal ends its loading. Nothing is open yet.
      var config =
          signals.orSignal(CompletableFuture.supplyAsync(this::config, ServeCommand::fork));
      return config.isPresent() ? serve(config.get(), signals) : 0;
    } catch (CompletionException e) {
      signals.release();
      if (e.getCause() instanceof StartupException refused) {
        throw refused;
      }
      throw new IllegalStateException("could not start", e.getCause());
    }
  }

  private static void fork(Runnable work) {
    var thread = new Thread(work, "doppel-configuration");
    thread.setDaemon(true);
    thread.start();
  }

  private int serve(DoppelConfig config, StopSignals signals) throws InterruptedException {
    var metrics = vertxMetrics ? metricsWithVertx() : new Metrics();
    var vertx = OutOfMemory.endsTheProcess(metrics.newVertx(vertxOptions()));
    var starting = Gateway.start(vertx, config, metrics, signals.received());
    try {
      var started = signals.orSignal(starting.toCompletionStage().toCompletableFuture());
      if (started.isPresent()) {
        announce(spec.commandLine().getOut(), started.get());
        signals.await();
        return StopSignals.close(started.get()::closeWithVertx, STOP_TIMEOUT);
      }
    } catch (CompletionException e) {
      vertx.close();
      throw e;
    }
    return StopSignals.close(() -> closed(starting), STOP_TIMEOUT);
  }

  /** Keeps the logger, which would lose its level if nothing referred to it. */
  private static final class MeterLog {
    static final Logger LOGGER = Logger.getLogger("io.micrometer.core.instrument.MeterRegistry");
  }

  private static Metrics metricsWithVertx() {
    // Vert.x registers meters again for each listener, which Micrometer would warn of.
    MeterLog.LOGGER.setLevel(Level.SEVERE);
    return Metrics.withVertx();
  }

  /** Completes when a canceled start has closed everything, also if it had become ready before. */
  private static Future<Void> closed(Future<Gateway> starting) {
    return starting.transform(
        (gateway, thrown) -> {
          if (thrown == null) {
            return gateway.close();
          }
          return thrown instanceof CancellationException
              ? Future.succeededFuture()
              : Future.failedFuture(thrown);
        });
  }

  /** Returns the command with the options of all vendors. */
  static CommandSpec spec() {
    return VendorOptions.addTo(CommandSpec.forAnnotatedObject(new ServeCommand()));
  }

  /** Returns options for a process that runs nothing but Doppel. */
  static VertxOptions vertxOptions() {
    return new VertxOptions()
        .setPreferNativeTransport(false)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  /** Prints the banner, with the time since the process was launched. */
  static void announce(PrintWriter out, Gateway gateway) {
    Banner.print(out, gateway, ProcessTime.sinceLaunch().toMillis());
  }

  /**
   * Returns the configuration that the flags describe.
   *
   * @throws StartupException if a value isn't allowed
   */
  DoppelConfig config() {
    var config =
        DoppelConfig.DEFAULT.toBuilder()
            .listen(
                new Listen(
                    host,
                    number("--port", port, MAX_PORT),
                    vendors.vendorPorts(),
                    vendors.ports(),
                    tls()))
            .store(store.store())
            .stores(store.stores())
            .vendors(vendors.vendors(spec))
            .credentials(credentials())
            .limits(limits.limits())
            .proxies(proxies.proxies())
            .markDeviations(markDeviations)
            .defaultOrganization(
                nonEmpty("--default-organization", credentials.defaultOrganization()));
    if (hash != null) {
      config.hash(scheme(hash));
    }
    SecretFile.read("--control-token", controlToken, controlTokenFile)
        .map(token -> nonEmpty("--control-token", "", token))
        .ifPresent(config::controlToken);
    if (controlPort != null) {
      config.controlPort(controlPort(controlPort));
    }
    if (seed != null) {
      config.seed(seed(seed));
    }
    if (journal != null) {
      config.journal(number("--journal", journal, MAX_JOURNAL));
    }
    return config.build();
  }

  private static Seed seed(String file) {
    try {
      return Seed.parse(Files.readString(Path.of(file)));
    } catch (IOException | InvalidPathException e) {
      throw StartupException.invalidFlag(
          "--seed", "'" + file + "'", "a YAML or JSON file that can be read");
    } catch (BadRequestException malformed) {
      throw new StartupException(
          StartupException.CONFIGURATION, "--seed '" + file + "': " + malformed.line());
    }
  }

  private static String nonEmpty(String flag, String value) {
    return nonEmpty(flag, value, value);
  }

  private static String nonEmpty(String flag, String shown, String value) {
    if (value.isBlank()) {
      throw StartupException.invalidFlag(flag, "'" + shown + "'", "at least one character");
    }
    return value;
  }

  private static int number(String flag, String text, int max) {
    return StartupException.checkedNumber(flag, text, 0, max);
  }

  private int controlPort(String text) {
    var number = number("--control-port", text, MAX_PORT);
    if (number != 0 && number == number("--port", port, MAX_PORT)) {
      throw StartupException.invalidFlag(
          "--control-port", "'" + text + "'", "0 to " + MAX_PORT + ", other than --port");
    }
    return number;
  }

  private Optional<Tls> tls() {
    if (tlsSelfSigned && (tlsCert != null || tlsKey != null)) {
      throw new StartupException(
          StartupException.CONFIGURATION,
          "--tls-self-signed: not allowed together with --tls-cert or --tls-key");
    }
    if (tlsSelfSigned) {
      return Optional.of(new Tls.SelfSigned());
    }
    if (tlsCert == null && tlsKey == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Tls.Files(readable("--tls-cert", tlsCert), readable("--tls-key", tlsKey)));
  }

  private static Path readable(String flag, @Nullable String file) {
    if (file == null || !Files.isReadable(Path.of(file)) || Files.isDirectory(Path.of(file))) {
      throw StartupException.invalidFlag(
          flag, "'" + (file == null ? "" : file) + "'", "a PEM file that can be read");
    }
    return Path.of(file);
  }

  private static HashScheme scheme(String word) {
    return Arrays.stream(HashScheme.values())
        .filter(scheme -> scheme.name().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                StartupException.invalidFlag(
                    "--hash",
                    "'" + word + "'",
                    "argon2id or fast"
                        + Suggestions.didYouMean(word, List.of("argon2id", "fast"))));
  }

  private Credentials credentials() {
    var user = credentials.adminUser();
    var password = credentials.adminPassword();
    var token = credentials.operatorToken();
    if (blank && (user.isPresent() || password.isPresent() || token.isPresent())) {
      throw new StartupException(
          StartupException.CONFIGURATION,
          "--blank: not allowed together with --admin-user, --admin-password or --operator-token");
    }
    if (password.isEmpty() && (user.isPresent() || token.isPresent())) {
      throw new StartupException(
          StartupException.CONFIGURATION,
          (user.isPresent() ? "--admin-user" : "--operator-token") + ": needs --admin-password");
    }
    return new Credentials(
        user.map(name -> nonEmpty("--admin-user", name)),
        password.map(text -> new Password(nonEmpty("--admin-password", "", text))),
        token.map(text -> nonEmpty("--operator-token", "", text)),
        blank);
  }
}
