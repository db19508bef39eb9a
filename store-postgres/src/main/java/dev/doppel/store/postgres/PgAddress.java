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

/** The address of a database with its credentials. Immutable. Never prints the password. */
public final class PgAddress {

  /** The schema of the tables, unless {@code search_path} names another. */
  private static final String DEFAULT_SCHEMA = "doppel";

  private static final String SEARCH_PATH = "search_path";
  private static final String APPLICATION_NAME = "application_name";
  private static final String ROOT_CERTIFICATE = "sslrootcert";
  private static final String TARGET = "target_session_attrs";
  private static final String PGBOUNCER = "pgbouncer";
  private static final Set<String> OWN_PARAMETERS = Set.of(ROOT_CERTIFICATE, TARGET, PGBOUNCER);

  /** Groups: scheme and credentials, hosts, path and parameters. */
  private static final Pattern URI = Pattern.compile("(\\w+://(?:[^@/?]*@)?)([^/?]*)(.*)");

  /** The kind of server to connect to, as {@code target_session_attrs} of libpq. */
  enum Target {
    ANY,
    READ_WRITE,
    PRIMARY
  }

  /** Thrown for a parameter of a URI whose value isn't allowed. */
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

    /** Returns the allowed values as a phrase, such as {@code true or false}. */
    public String allowed() {
      return allowed;
    }
  }

  private final List<PgConnectOptions> servers;
  private final String schema;
  private final Target target;
  private final boolean pooled;

  private PgAddress(List<PgConnectOptions> servers, String schema, Target target, boolean pooled) {
    this.servers = servers;
    this.schema = schema;
    this.target = target;
    this.pooled = pooled;
  }

  /**
   * Parses {@code postgresql://user:password@host:port,host:port/database} with the parameters of
   * libpq and the Vert.x client: {@code sslmode}, {@code sslrootcert} (PEM; without it {@code
   * verify-ca} and {@code verify-full} trust the certificate authorities of the JVM), {@code
   * search_path}, {@code application_name}, {@code options}, {@code target_session_attrs} ({@code
   * any}, {@code read-write} or {@code primary}), and {@code pgbouncer} ({@code true} if clients
   * reach the server through PgBouncer).
   *
   * @throws UnsupportedParameterException if one of the last two has another value
   * @throws IllegalArgumentException if it isn't such a URI; the message contains no part of it
   */
  public static PgAddress parse(String uri) {
    var parts = URI.matcher(uri);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a URI of a database");
    }
    var queryStart = parts.group(3).indexOf('?');
    var path = queryStart < 0 ? parts.group(3) : parts.group(3).substring(0, queryStart);
    var parameters =
        queryStart < 0 ? new String[0] : parts.group(3).substring(queryStart + 1).split("&");
    var own = new HashMap<String, String>();
    var others = new ArrayList<String>();
    for (var parameter : parameters) {
      var name = parameter.split("=", 2)[0];
      if (OWN_PARAMETERS.contains(name)) {
        var value = parameter.substring(Math.min(name.length() + 1, parameter.length()));
        own.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8));
      } else if (!parameter.isEmpty()) {
        others.add(parameter);
      }
    }
    var rootCertificate = Optional.ofNullable(own.get(ROOT_CERTIFICATE)).map(Path::of);
    if (rootCertificate.isPresent() && !Files.isReadable(rootCertificate.get())) {
      throw new IllegalArgumentException("sslrootcert can't be read");
    }
    var query = others.isEmpty() ? "" : "?" + String.join("&", others);
    var servers =
        Arrays.stream(parts.group(2).split(",", -1))
            .map(host -> parseServer(parts.group(1) + host + path + query, rootCertificate))
            .toList();
    var schema = servers.get(0).getProperties().getOrDefault(SEARCH_PATH, DEFAULT_SCHEMA);
    servers.forEach(server -> server.getProperties().remove(SEARCH_PATH));
    return new PgAddress(
        servers, schema, parseTarget(own.get(TARGET)), parsePooled(own.get(PGBOUNCER)));
  }

  private static PgConnectOptions parseServer(String uri, Optional<Path> rootCertificate) {
    var options = PgConnectOptions.fromUri(uri);
    if (!uri.contains(APPLICATION_NAME)) {
      options.getProperties().put(APPLICATION_NAME, "doppel");
    }
    return options.setSslOptions(sslOptions(options.getSslMode(), rootCertificate));
  }

  private static Target parseTarget(@Nullable String value) {
    return switch (value == null ? "any" : value) {
      case "any" -> Target.ANY;
      case "read-write" -> Target.READ_WRITE;
      case "primary" -> Target.PRIMARY;
      default ->
          throw new UnsupportedParameterException(
              TARGET, String.valueOf(value), "any, read-write or primary");
    };
  }

  private static boolean parsePooled(@Nullable String value) {
    return switch (value == null ? "false" : value) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new UnsupportedParameterException(
              PGBOUNCER, String.valueOf(value), "true or false");
    };
  }

  /** As in libpq, only {@code verify-ca} and {@code verify-full} verify the server. */
  private static ClientSSLOptions sslOptions(SslMode mode, Optional<Path> rootCertificate) {
    if (mode != SslMode.VERIFY_CA && mode != SslMode.VERIFY_FULL) {
      return new ClientSSLOptions().setTrustAll(true).setHostnameVerificationAlgorithm("");
    }
    TrustOptions trustOptions =
        rootCertificate
            .<TrustOptions>map(file -> new PemTrustOptions().addCertPath(file.toString()))
            .orElseGet(() -> TrustOptions.wrap(platformTrustManager()));
    return new ClientSSLOptions()
        .setTrustOptions(trustOptions)
        .setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "");
  }

  private static X509TrustManager platformTrustManager() {
    try {
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((@Nullable KeyStore) null);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .map(X509TrustManager.class::cast)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("the platform has no trust manager"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the platform's certificate authorities can't be read", e);
    }
  }

  /** Returns the schema of the tables. */
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
   * Returns whether connections are through PgBouncer, which assigns each of its connections to one
   * client after the other, so that settings can hold for a transaction at most.
   */
  boolean pooled() {
    return pooled;
  }

  /** Returns the servers, as {@code host:port,host:port}. */
  public String hosts() {
    return servers.stream().map(PgAddress::host).collect(Collectors.joining(","));
  }

  static String host(PgConnectOptions server) {
    var host = server.getHost();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + server.getPort();
  }

  /** Returns the URI without the user, the password and the parameters. */
  @Override
  public String toString() {
    return "postgresql://" + hosts() + "/" + servers.get(0).getDatabase();
  }
}
