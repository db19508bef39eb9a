package dev.doppel.gateway;

import dev.doppel.dialect.Fidelity;
import dev.doppel.gateway.GatewayConfig.Credentials;
import dev.doppel.gateway.GatewayConfig.Listen;
import dev.doppel.gateway.GatewayConfig.Tls;
import dev.doppel.gateway.GatewayConfig.Vendor;
import dev.doppel.influx.InfluxDialect;
import dev.doppel.milvus.MilvusDialect;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code doppel serve}: flags to configuration, then a gateway until the process is told to stop.
 */
@Command(
    name = "serve",
    description = "Serves the dialects until it is told to stop.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
  private static final int HIGHEST_PORT = 65_535;
  private static final int LONGEST_JOURNAL = 1_000_000;

  private static final Map<String, MilvusDialect.Version> MILVUS_VERSIONS =
      Map.of(
          "milvus=2.5", MilvusDialect.Version.V2_5,
          "milvus=2.6", MilvusDialect.Version.V2_6);

  private static final Map<String, InfluxDialect.Version> INFLUX_VERSIONS =
      Map.of(
          "influx=2.7", InfluxDialect.Version.V2_7,
          "influx=2.9", InfluxDialect.Version.V2_9);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--config", description = "YAML file with a 'flag: value' a line.")
  @SuppressWarnings("UnusedVariable") // Defaults reads it, before the others are looked at
  private @Nullable String config;

  @Option(names = "--host", description = "Address to listen on. Default: 127.0.0.1")
  private String host = "127.0.0.1";

  @Option(names = "--port", description = "Port of all dialects; 0 takes a free one. Default: 8080")
  private String port = "8080";

  @Option(
      names = "--vendor-ports",
      description =
          "Also serve each dialect on its vendor's port: 19530 (and 9091/healthz), 8086, 8443, 8090.")
  private boolean vendorPorts;

  @Option(names = "--dialects", description = "Which to serve, separated by commas. Default: all")
  private @Nullable String dialects;

  @Option(
      names = "--fidelity",
      description = "documented or observed, for all or as influx=observed,... Default: documented")
  private String fidelity = "documented";

  @Option(
      names = "--emulate",
      description =
          "Versions of the vendors' products, as influx=2.7,milvus=2.5. Default: the newest")
  private String emulate = "";

  @Option(
      names = "--hash",
      description = "argon2id or fast. Default: fast in memory, argon2id elsewhere")
  private @Nullable String hash;

  @Option(names = "--admin-user", description = "Administrator of an empty store. Default: root")
  private @Nullable String adminUser;

  @Option(names = "--admin-password", description = "The administrator's password.")
  private @Nullable String adminPassword;

  @Option(names = "--admin-password-file", description = "File that holds it.")
  private @Nullable String adminPasswordFile;

  @Option(names = "--operator-token", description = "A token that acts for the administrator.")
  private @Nullable String operatorToken;

  @Option(names = "--operator-token-file", description = "File that holds it.")
  private @Nullable String operatorTokenFile;

  @Option(names = "--blank", description = "Start an empty store without an administrator.")
  private boolean blank;

  @Option(names = "--seed", description = "YAML or JSON file to put into a store that is empty.")
  private @Nullable String seed;

  @Option(
      names = "--journal",
      description = "How many calls to keep for /_doppel/requests. Default: 1000 in memory, else 0")
  private @Nullable String journal;

  @Option(
      names = "--default-organization",
      description = "Where users belong who were put into none. Default: doppel")
  private String defaultOrganization = "doppel";

  @Option(
      names = "--control-token",
      description =
          "Bearer token for /_doppel/. Without one, a persistent store and a --host beyond loopback"
              + " answer /_doppel/health and /_doppel/ready only.")
  private @Nullable String controlToken;

  @Option(names = "--control-token-file", description = "File that holds it.")
  private @Nullable String controlTokenFile;

  @Option(
      names = "--control-port",
      description =
          "Serve /_doppel/ on this port of 127.0.0.1 instead, whatever --host says; 0 takes a free"
              + " one. A persistent store needs --control-token as well. Default: the port of --port")
  private @Nullable String controlPort;

  @Option(names = "--tls-cert", description = "Certificate chain, PEM.")
  private @Nullable String tlsCert;

  @Option(names = "--tls-key", description = "Its private key, PEM.")
  private @Nullable String tlsKey;

  @Option(
      names = "--tls-self-signed",
      description = "TLS with a certificate that is made at the start, for loopback names.")
  private boolean tlsSelfSigned;

  @Mixin private final ProxyOptions proxies = new ProxyOptions();

  @Mixin private final StoreOptions store = new StoreOptions();

  @Mixin private final LimitOptions limits = new LimitOptions();

  @Mixin private final MilvusOptions milvus = new MilvusOptions();

  @Mixin private final InfluxOptions influx = new InfluxOptions();

  @Override
  public Integer call() throws InterruptedException {
    var signals = StopSignals.handle();
    try {
      // A seed may be large, and nothing is open yet that would have to be closed.
      var wanted =
          signals.orSignal(CompletableFuture.supplyAsync(this::config, ServeCommand::fork));
      return wanted.isPresent() ? serve(wanted.get(), signals) : 0;
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

  private int serve(GatewayConfig config, StopSignals signals) throws InterruptedException {
    var vertx = OutOfMemory.endsTheProcess(Vertx.vertx(vertxOptions()));
    var starting = Gateway.start(vertx, config, signals.received());
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

  /** Completes when a start that was canceled has closed everything; it may be ready before. */
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

  /** Of a process that serves and does nothing else. */
  static VertxOptions vertxOptions() {
    return new VertxOptions()
        .setPreferNativeTransport(false)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  /** Says that the gateway serves, and how long after the process's launch. */
  static void announce(PrintWriter out, Gateway gateway) {
    Banner.print(out, gateway, ProcessTime.sinceLaunch().toMillis());
  }

  /**
   * What the flags say.
   *
   * @throws StartupException if one of them says what isn't allowed
   */
  GatewayConfig config() {
    var config =
        GatewayConfig.DEFAULT
            .but()
            .listen(new Listen(host, number("--port", port, HIGHEST_PORT), vendorPorts, tls()))
            .store(store.store())
            .dialects(dialects())
            .fidelity(fidelities())
            .credentials(credentials())
            .limits(limits.limits())
            .proxies(proxies.proxies())
            .defaultOrganization(nonEmpty("--default-organization", defaultOrganization))
            .milvus(milvus.settings(version(MILVUS_VERSIONS, MilvusDialect.Version.V2_6)))
            .milvusAuthOffAnywhere(milvus.offAnywhere())
            .influx(influx.settings(version(INFLUX_VERSIONS, InfluxDialect.Version.V2_9)));
    if (hash != null) {
      config.hash(scheme(hash));
    }
    SecretFile.read("--control-token", controlToken, controlTokenFile)
        .map(token -> nonEmpty("--control-token", "", token))
        .ifPresent(config::controlToken);
    if (controlPort != null) {
      config.controlPort(controlPort(controlPort));
    }
    influx.bucket().ifPresent(config::influxBucket);
    if (seed != null) {
      config.seed(seed(seed));
    }
    if (journal != null) {
      config.journal(number("--journal", journal, LONGEST_JOURNAL));
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

  /** The last one of a vendor's that was asked for. */
  private <V> V version(Map<String, V> vendors, V newest) {
    var version = newest;
    for (var part : list(emulate)) {
      if (!MILVUS_VERSIONS.containsKey(part) && !INFLUX_VERSIONS.containsKey(part)) {
        throw StartupException.invalidFlag(
            "--emulate", "'" + part + "'", "milvus=2.5, milvus=2.6, influx=2.7 or influx=2.9");
      }
      version = vendors.getOrDefault(part, version);
    }
    return version;
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
    var number = number("--control-port", text, HIGHEST_PORT);
    if (number != 0 && number == number("--port", port, HIGHEST_PORT)) {
      throw StartupException.invalidFlag(
          "--control-port", "'" + text + "'", "0 to " + HIGHEST_PORT + ", other than --port");
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

  private Set<Vendor> dialects() {
    if (dialects == null) {
      return EnumSet.allOf(Vendor.class);
    }
    var all = EnumSet.noneOf(Vendor.class);
    for (var name : list(dialects)) {
      all.add(
          vendor(name)
              .orElseThrow(
                  () -> StartupException.invalidFlag("--dialects", "'" + name + "'", vendors())));
    }
    if (all.isEmpty()) {
      throw StartupException.invalidFlag("--dialects", "''", vendors());
    }
    return all;
  }

  private Map<Vendor, Fidelity> fidelities() {
    var all = new EnumMap<Vendor, Fidelity>(Vendor.class);
    for (var part : list(fidelity)) {
      var sign = part.indexOf('=');
      var mode = mode(part, part.substring(sign + 1));
      if (sign < 0) {
        EnumSet.allOf(Vendor.class).forEach(vendor -> all.put(vendor, mode));
      } else {
        all.put(vendor(part.substring(0, sign)).orElseThrow(() -> wrongFidelity(part)), mode);
      }
    }
    return all;
  }

  private static Fidelity mode(String part, String word) {
    return Arrays.stream(Fidelity.values())
        .filter(mode -> mode.name().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(() -> wrongFidelity(part));
  }

  private static StartupException wrongFidelity(String part) {
    return StartupException.invalidFlag(
        "--fidelity", "'" + part + "'", "documented or observed, for all or as influx=observed");
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  private static Optional<Vendor> vendor(String name) {
    return Arrays.stream(Vendor.values())
        .filter(vendor -> vendor.dialect().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  private static String vendors() {
    return Arrays.stream(Vendor.values()).map(Vendor::dialect).collect(Collectors.joining(", "));
  }

  private static HashScheme scheme(String word) {
    return Arrays.stream(HashScheme.values())
        .filter(scheme -> scheme.name().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () -> StartupException.invalidFlag("--hash", "'" + word + "'", "argon2id or fast"));
  }

  private Credentials credentials() {
    var password = SecretFile.read("--admin-password", adminPassword, adminPasswordFile);
    var token = SecretFile.read("--operator-token", operatorToken, operatorTokenFile);
    if (blank && (adminUser != null || password.isPresent() || token.isPresent())) {
      throw new StartupException(
          StartupException.CONFIGURATION,
          "--blank: not allowed together with --admin-user, --admin-password or --operator-token");
    }
    if (password.isEmpty() && (adminUser != null || token.isPresent())) {
      throw new StartupException(
          StartupException.CONFIGURATION,
          (adminUser == null ? "--operator-token" : "--admin-user")
              + ": needs --admin-password beside it");
    }
    return new Credentials(
        Optional.ofNullable(adminUser).map(name -> nonEmpty("--admin-user", name)),
        password.map(text -> new Password(nonEmpty("--admin-password", "", text))),
        token.map(text -> nonEmpty("--operator-token", "", text)),
        blank);
  }
}
