package dev.doppel.store.postgres;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Where a database is and how to get in. Immutable. Never prints the password. */
public final class PgAddress {

  /** Where the tables are, unless {@code search_path} says otherwise. */
  private static final String SCHEMA = "doppel";

  private static final String SEARCH_PATH = "search_path";
  private static final String PROGRAM = "application_name";
  private static final String ROOT_CERTIFICATE = "sslrootcert";
  private static final String TARGET = "target_session_attrs";
  private static final String POOLER = "pgbouncer";
  private static final Set<String> OWN_PARAMETERS = Set.of(ROOT_CERTIFICATE, TARGET, POOLER);

  /** Scheme and user, hosts, the rest. */
  private static final Pattern URI = Pattern.compile("(\\w+://(?:[^@/?]*@)?)([^/?]*)(.*)");

  /** What a server must be to be connected to; as libpq's {@code target_session_attrs}. */
  enum Target {
    ANY,
    READ_WRITE,
    PRIMARY
  }

  /** A parameter of a URI that has a value which isn't allowed. */
  public static final class UnsupportedParameterException extends IllegalArgumentException {

    private final String parameter;
    private final String value;
    private final String allowed;

    UnsupportedParameterException(String parameter, String value, String allowed) {
      super("%s '%s': not allowed; use %s".formatted(parameter, value, allowed));
      this.parameter = parameter;
      this.value = value;
      this.allowed = allowed;
    }

    public String parameter() {
      return parameter;
    }

    public String value() {
      return value;
    }

    /** Returns the values that are allowed, in words. */
    public String allowed() {
      return allowed;
    }
  }

  private final List<PgConnectOptions> servers;
  private final String schema;
  private final Target target;
  private final boolean pooler;

  private PgAddress(List<PgConnectOptions> servers, String schema, Target target, boolean pooler) {
    this.servers = servers;
    this.schema = schema;
    this.target = target;
    this.pooler = pooler;
  }

  /**
   * Parses {@code postgresql://user:password@host:port,host:port/database}, with parameters as
   * libpq and the Vert.x client know them: {@code sslmode}, {@code sslrootcert} (PEM; without it
   * {@code verify-ca} and {@code verify-full} trust whom the JVM does), {@code search_path}, {@code
   * application_name}, {@code options}, {@code target_session_attrs} ({@code any}, {@code
   * read-write} or {@code primary}), and {@code pgbouncer} ({@code true} if the way to the server
   * leads through PgBouncer).
   *
   * @throws UnsupportedParameterException if one of the last two has another value
   * @throws IllegalArgumentException if it isn't such a URI; the message holds no part of it
   */
  public static PgAddress parse(String uri) {
    var parts = URI.matcher(uri);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a URI of a database");
    }
    var mark = parts.group(3).indexOf('?');
    var path = mark < 0 ? parts.group(3) : parts.group(3).substring(0, mark);
    var parameters = mark < 0 ? new String[0] : parts.group(3).substring(mark + 1).split("&");
    var own = new HashMap<String, String>();
    var rest = new ArrayList<String>();
    for (var parameter : parameters) {
      var name = parameter.split("=", 2)[0];
      if (OWN_PARAMETERS.contains(name)) {
        var value = parameter.substring(Math.min(name.length() + 1, parameter.length()));
        own.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
      } else if (!parameter.isEmpty()) {
        rest.add(parameter);
      }
    }
    var rootCertificate = Optional.ofNullable(own.get(ROOT_CERTIFICATE)).map(Path::of);
    if (rootCertificate.isPresent() && !Files.isReadable(rootCertificate.get())) {
      throw new IllegalArgumentException("sslrootcert can't be read");
    }
    var query = rest.isEmpty() ? "" : "?" + String.join("&", rest);
    var servers =
        Arrays.stream(parts.group(2).split(",", -1))
            .map(host -> server(parts.group(1) + host + path + query, rootCertificate))
            .toList();
    var schema = servers.get(0).getProperties().getOrDefault(SEARCH_PATH, SCHEMA);
    servers.forEach(server -> server.getProperties().remove(SEARCH_PATH));
    return new PgAddress(servers, schema, target(own.get(TARGET)), pooler(own.get(POOLER)));
  }

  private static PgConnectOptions server(String uri, Optional<Path> rootCertificate) {
    var options = PgConnectOptions.fromUri(uri);
    if (!uri.contains(PROGRAM)) {
      options.getProperties().put(PROGRAM, "doppel");
    }
    return options.setSslOptions(trust(options.getSslMode(), rootCertificate));
  }

  private static Target target(@Nullable String value) {
    return switch (value == null ? "any" : value) {
      case "any" -> Target.ANY;
      case "read-write" -> Target.READ_WRITE;
      case "primary" -> Target.PRIMARY;
      default ->
          throw new UnsupportedParameterException(
              TARGET, String.valueOf(value), "any, read-write or primary");
    };
  }

  private static boolean pooler(@Nullable String value) {
    return switch (value == null ? "false" : value) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new UnsupportedParameterException(POOLER, String.valueOf(value), "true or false");
    };
  }

  /** As libpq has it: only the two modes that say so verify the server. */
  private static ClientSSLOptions trust(SslMode mode, Optional<Path> rootCertificate) {
    if (mode != SslMode.VERIFY_CA && mode != SslMode.VERIFY_FULL) {
      return new ClientSSLOptions().setTrustAll(true).setHostnameVerificationAlgorithm("");
    }
    TrustOptions trusted =
        rootCertificate
            .<TrustOptions>map(file -> new PemTrustOptions().addCertPath(file.toString()))
            .orElseGet(() -> TrustOptions.wrap(platformTrust()));
    return new ClientSSLOptions()
        .setTrustOptions(trusted)
        .setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "");
  }

  private static X509TrustManager platformTrust() {
    try {
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((@Nullable KeyStore) null);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .map(X509TrustManager.class::cast)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("the platform trusts nobody"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the platform's trust can't be read", e);
    }
  }

  /** Returns the schema that holds the tables. */
  String schema() {
    return schema;
  }

  /** Returns how to connect to each of the servers, in the order of the URI. */
  List<PgConnectOptions> servers() {
    return servers.stream().map(PgConnectOptions::new).toList();
  }

  Target target() {
    return target;
  }

  /**
   * Returns whether PgBouncer is in between: it lends a connection to one client after the other,
   * so nothing can be set on one for longer than a transaction.
   */
  boolean pooled() {
    return pooler;
  }

  /** Returns the servers, as {@code host:port,host:port}. */
  public String hosts() {
    return servers.stream().map(PgAddress::host).collect(Collectors.joining(","));
  }

  static String host(PgConnectOptions server) {
    var host = server.getHost();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + server.getPort();
  }

  /** Without the user, the password and the parameters. */
  @Override
  public String toString() {
    return "postgresql://" + hosts() + "/" + servers.get(0).getDatabase();
  }
}
