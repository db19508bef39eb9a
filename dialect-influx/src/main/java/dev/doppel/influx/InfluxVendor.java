package dev.doppel.influx;

import static dev.doppel.dialect.VendorOption.ofSwitch;
import static dev.doppel.dialect.VendorOption.value;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Difference;
import dev.doppel.dialect.Endpoint;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.InvalidOptionException;
import dev.doppel.dialect.OptionValues;
import dev.doppel.dialect.SampleRequest;
import dev.doppel.dialect.ScopedTokens;
import dev.doppel.dialect.Vendor;
import dev.doppel.dialect.VendorOption;
import dev.doppel.influx.InfluxDialect.Bucket;
import dev.doppel.influx.InfluxDialect.Settings;
import dev.doppel.influx.InfluxDialect.Version;
import dev.doppel.users.IdForm;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.TokenHash;
import dev.doppel.users.Tokens.NewToken;
import dev.doppel.users.User;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** InfluxDB OSS v2. */
public final class InfluxVendor implements Vendor<Settings> {

  /** The one instance. */
  public static final InfluxVendor INSTANCE = new InfluxVendor();

  private static final int PORT = 8086;
  private static final int MAX_SESSION_MINUTES = 525_600;

  private static final String SESSION_LENGTH = "influx-session-length";
  private static final String SESSION_RENEW_DISABLED = "influx-session-renew-disabled";
  private static final String STRONG_PASSWORDS = "influx-strong-passwords";
  private static final String USE_HASHED_TOKENS = "influx-use-hashed-tokens";
  private static final String BUCKET = "influx-bucket";
  private static final String BUCKET_RETENTION = "influx-bucket-retention";

  /** The flags of InfluxDB's own server that change what a client sees, and Doppel's own. */
  private static final List<VendorOption> OPTIONS =
      List.of(
          value(SESSION_LENGTH, "Minutes that a session lives unused. Default: 60"),
          ofSwitch(SESSION_RENEW_DISABLED, "Using a session doesn't prolong it."),
          ofSwitch(STRONG_PASSWORDS, "New passwords need three of four classes of characters."),
          value(
              USE_HASHED_TOKENS,
              "true, or false to keep tokens readable and show them again. Default: true, but false"
                  + " with --emulate influx=2.7"),
          value(BUCKET, "A bucket in the default organization of an empty store."),
          value(
              BUCKET_RETENTION,
              "How long it keeps data: 1h and more, as 72h30m, 30d or 1w, or 0. Default: 0"));

  private InfluxVendor() {}

  @Override
  public String name() {
    return InfluxDialect.NAME;
  }

  @Override
  public List<String> versions() {
    return List.of("2.9", "2.7");
  }

  @Override
  public List<String> prefixes() {
    return InfluxDialect.PREFIXES;
  }

  @Override
  public int port() {
    return PORT;
  }

  @Override
  public List<InfluxOperation> operations() {
    return List.of(InfluxOperation.values());
  }

  @Override
  public List<Difference> differences() {
    return List.of(InfluxDifference.values());
  }

  @Override
  public List<VendorOption> options() {
    return OPTIONS;
  }

  @Override
  public Settings settings(OptionValues given) {
    var version = given.version().map(InfluxVendor::parse).orElse(Version.V2_9);
    var standard = Settings.of(version);
    return new Settings(
        version,
        given.choice(USE_HASHED_TOKENS, standard.useHashedTokens(), "true", "false"),
        given.isOn(STRONG_PASSWORDS),
        Duration.ofMinutes(
            given.number(
                SESSION_LENGTH,
                (int) standard.sessionLength().toMinutes(),
                1,
                MAX_SESSION_MINUTES)),
        !given.isOn(SESSION_RENEW_DISABLED),
        bucket(given));
  }

  private static Version parse(String version) {
    return version.equals("2.7") ? Version.V2_7 : Version.V2_9;
  }

  @Override
  public Settings withVersion(Settings settings, String version) {
    var other = Settings.of(parse(version));
    var byDefault = settings.useHashedTokens() == Settings.of(settings.version()).useHashedTokens();
    return new Settings(
        other.version(),
        byDefault ? other.useHashedTokens() : settings.useHashedTokens(),
        settings.strongPasswords(),
        settings.sessionLength(),
        settings.sessionRenewal(),
        settings.bucket());
  }

  private static Optional<Bucket> bucket(OptionValues given) {
    var name = given.value(BUCKET);
    if (name.filter(text -> !isBucketName(text)).isPresent()) {
      throw InvalidOptionException.notAllowed(
          "--" + BUCKET,
          "'" + name.get() + "'",
          "a name without quotation marks and without an underscore in front");
    }
    var retention = given.value(BUCKET_RETENTION);
    if (retention.isPresent() && name.isEmpty()) {
      throw new InvalidOptionException("--" + BUCKET_RETENTION + ": only with --" + BUCKET);
    }
    return name.map(
        text ->
            new Bucket(text, retention.map(InfluxVendor::parseRetention).orElse(Duration.ZERO)));
  }

  private static boolean isBucketName(String text) {
    return !text.isBlank() && !text.startsWith("_") && !text.contains("\"");
  }

  private static Duration parseRetention(String text) {
    return InfluxDuration.parse(text)
        .filter(InfluxVendor::isRetention)
        .orElseThrow(
            () ->
                InvalidOptionException.notAllowed(
                    "--" + BUCKET_RETENTION,
                    "'" + text + "'",
                    "0, or 1h and more in whole seconds, such as 72h30m, 30d or 1w"));
  }

  /** The server has no shorter ones, and counts in seconds. */
  private static boolean isRetention(Duration duration) {
    return duration.isZero() || (duration.toHours() >= 1 && duration.toNanosPart() == 0);
  }

  @Override
  public Dialect dialect(Realm realm, Fidelity fidelity, Settings settings) {
    return new InfluxDialect(realm, fidelity, settings);
  }

  @Override
  public Future<Void> prepare(Realm realm, Settings settings) {
    return settings
        .bucket()
        .map(bucket -> InfluxDialect.createBucket(realm, bucket.name(), bucket.retention()))
        .orElseGet(Future::succeededFuture);
  }

  @Override
  public Map<String, String> clientEnvironment(Endpoint endpoint) {
    var variables = new LinkedHashMap<String, String>();
    variables.put("INFLUX_HOST", endpoint.url());
    variables.put("INFLUX_TOKEN", endpoint.token());
    variables.put("INFLUX_ORG", endpoint.organization());
    variables.put("INFLUXDB_V2_URL", endpoint.url());
    variables.put("INFLUXDB_V2_TOKEN", endpoint.token());
    variables.put("INFLUXDB_V2_ORG", endpoint.organization());
    return variables;
  }

  @Override
  public SampleRequest sampleRequest(Endpoint endpoint) {
    return SampleRequest.get("/api/v2/users", "Authorization", "Token " + endpoint.token());
  }

  @Override
  public Optional<SampleRequest> setupRequest() {
    return Optional.of(
        new SampleRequest(
            HttpMethod.POST,
            "/api/v2/setup",
            Optional.empty(),
            List.of(),
            Optional.of(
                "{\"username\":\"root\",\"password\":\"P@ssw0rd\",\"org\":\"doppel\",\"bucket\":\"data\"}")));
  }

  /** {@code --influx-session-length} is {@code INFLUXD_SESSION_LENGTH} for the server itself. */
  @Override
  public Optional<String> ownVariable(String option, Map<String, String> environment) {
    var ofServer = option.startsWith(name() + "-") && !option.startsWith(BUCKET);
    return ofServer
        ? Optional.ofNullable(environment.get(serverVariable(option)))
        : new InfluxContainer(environment).value(option);
  }

  private String serverVariable(String option) {
    return "INFLUXD_"
        + option.substring(name().length() + 1).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  @Override
  public Optional<String> checkOwnVariables(Map<String, String> environment) {
    return new InfluxContainer(environment).check();
  }

  @Override
  public Set<String> plainHeaders() {
    return Set.of("x-influxdb-build", "x-influxdb-version", "x-platform-error-code");
  }

  /** The names of an organization's secrets are the client's. */
  @Override
  public boolean takesSecrets(String path) {
    return path.toLowerCase(Locale.ROOT).contains("/secret");
  }

  @Override
  public Optional<IdForm> idForm() {
    return Optional.of(InfluxDialect.ID_FORM);
  }

  @Override
  public Optional<ScopedTokens<Settings>> scopedTokens() {
    return Optional.of(new Tokens());
  }

  private static final class Tokens implements ScopedTokens<Settings> {

    @Override
    public void check(Permission permission) {
      parse(permission);
    }

    private static InfluxDialect.Permission parse(Permission permission) {
      return new InfluxDialect.Permission(
          permission.action(), permission.type(), permission.id(), permission.withinOrganization());
    }

    @Override
    public TokenHash parseHash(String text) {
      return InfluxDialect.parseTokenHash(text);
    }

    @Override
    public NewToken newToken(
        Settings settings,
        TokenHash hash,
        Optional<String> secret,
        User owner,
        Organization organization,
        String description,
        List<Permission> permissions) {
      return InfluxDialect.token(
          settings,
          hash,
          secret,
          owner,
          organization,
          description,
          permissions.stream().map(Tokens::parse).toList());
    }
  }
}
