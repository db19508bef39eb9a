package dev.doppel.store.postgres;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Where a database is and how to get in. Never prints the password. */
public final class PgAddress {

  /** Where the tables are, unless {@code search_path} says otherwise. */
  private static final String SCHEMA = "doppel";

  private static final String SEARCH_PATH = "search_path";
  private static final String PLATFORM_TRUST =
      "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory";
  private static final String PROGRAM = "application_name";
  private static final String ROOT_CERTIFICATE = "sslrootcert=";

  private final PgConnectOptions options;
  private final Optional<Path> rootCertificate;

  private PgAddress(PgConnectOptions options, Optional<Path> rootCertificate) {
    this.options = options;
    this.rootCertificate = rootCertificate;
  }

  /**
   * Reads {@code postgresql://user:password@host:port/database}, with parameters as libpq and the
   * Vert.x client know them: {@code sslmode}, {@code sslrootcert} (PEM; without it {@code
   * verify-ca} and {@code verify-full} trust whom the JVM does), {@code search_path}, {@code
   * application_name}, {@code options}.
   *
   * @throws IllegalArgumentException if it isn't one; the message holds no part of it
   */
  public static PgAddress parse(String uri) {
    var mark = uri.indexOf('?');
    var parameters = mark < 0 ? new String[0] : uri.substring(mark + 1).split("&");
    var kept =
        Arrays.stream(parameters)
            .filter(Predicate.not(text -> text.startsWith(ROOT_CERTIFICATE)))
            .collect(Collectors.joining("&"));
    var options =
        PgConnectOptions.fromUri(
            (mark < 0 ? uri : uri.substring(0, mark)) + (kept.isEmpty() ? "" : "?" + kept));
    var rootCertificate =
        Arrays.stream(parameters)
            .filter(text -> text.startsWith(ROOT_CERTIFICATE))
            .map(text -> text.substring(ROOT_CERTIFICATE.length()))
            .map(text -> Path.of(URLDecoder.decode(text, StandardCharsets.UTF_8)))
            .findFirst();
    if (rootCertificate.isPresent() && !Files.isReadable(rootCertificate.get())) {
      throw new IllegalArgumentException("sslrootcert can't be read");
    }
    options.getProperties().putIfAbsent(SEARCH_PATH, SCHEMA);
    if (!uri.contains(PROGRAM)) {
      options.getProperties().put(PROGRAM, "doppel");
    }
    options.setSslOptions(trust(options.getSslMode(), rootCertificate));
    return new PgAddress(options, rootCertificate);
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

  /** The schema that holds the tables. */
  String schema() {
    return options.getProperties().getOrDefault(SEARCH_PATH, SCHEMA);
  }

  PgConnectOptions options() {
    return new PgConnectOptions(options);
  }

  /**
   * The same address for JDBC, which migration needs, without user and password. Numbers stand in
   * it as they do everywhere, not as the default locale writes them.
   */
  String jdbcUrl(int timeoutSeconds) {
    var sslMode = options.getSslMode().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return "jdbc:postgresql://%s:%s/%s?sslmode=%s&connectTimeout=%s&loginTimeout=%s&ApplicationName=%s%s"
        .formatted(
            options.getHost().contains(":") ? "[" + options.getHost() + "]" : options.getHost(),
            options.getPort(),
            encoded(options.getDatabase()),
            sslMode,
            timeoutSeconds,
            timeoutSeconds,
            encoded(options.getProperties().getOrDefault(PROGRAM, "")),
            rootCertificate
                .map(file -> "&sslrootcert=" + encoded(file.toString()))
                .orElse(sslMode.startsWith("verify") ? PLATFORM_TRUST : ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Without the user, the password and the parameters. */
  @Override
  public String toString() {
    return "postgresql://"
        + options.getHost()
        + ":"
        + options.getPort()
        + "/"
        + options.getDatabase();
  }
}
