package dev.doppel.gateway;

import dev.doppel.gateway.GatewayConfig.Bucket;
import dev.doppel.influx.InfluxDialect;
import dev.doppel.influx.InfluxDialect.Version;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The flags of InfluxDB's own server that change what a client sees, with {@code influx-} ahead.
 */
final class InfluxOptions {

  private static final int LONGEST_SESSION = 525_600;

  @Option(
      names = "--influx-session-length",
      description = "Minutes that a session lives unused. Default: 60")
  private String sessionLength = "60";

  @Option(
      names = "--influx-session-renew-disabled",
      description = "Using a session doesn't prolong it.")
  private boolean sessionRenewDisabled;

  @Option(
      names = "--influx-strong-passwords",
      description = "New passwords need three of four classes of characters.")
  private boolean strongPasswords;

  @Option(
      names = "--influx-use-hashed-tokens",
      description =
          "true, or false to keep tokens readable and show them again. Default: true, but false"
              + " with --emulate influx=2.7")
  private @Nullable String useHashedTokens;

  @Option(
      names = "--influx-bucket",
      description = "A bucket in the default organization of an empty store.")
  private @Nullable String bucket;

  @Option(
      names = "--influx-bucket-retention",
      description = "How long it keeps data: 1h and more, as 72h30m, 30d or 1w, or 0. Default: 0")
  private @Nullable String retention;

  InfluxDialect.Settings settings(Version version) {
    return new InfluxDialect.Settings(
        version,
        hashed(InfluxDialect.Settings.of(version)),
        strongPasswords,
        Duration.ofMinutes(
            StartupException.checkedNumber(
                "--influx-session-length", sessionLength, 1, LONGEST_SESSION)),
        !sessionRenewDisabled);
  }

  private boolean hashed(InfluxDialect.Settings standard) {
    if (useHashedTokens == null) {
      return standard.useHashedTokens();
    }
    return switch (useHashedTokens) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw StartupException.invalidFlag(
              "--influx-use-hashed-tokens", "'" + useHashedTokens + "'", "true or false");
    };
  }

  /**
   * What the flags say.
   *
   * @throws StartupException if one of them says what isn't allowed
   */
  Optional<Bucket> bucket() {
    if (bucket != null && (bucket.isBlank() || bucket.startsWith("_") || bucket.contains("\""))) {
      throw StartupException.invalidFlag(
          "--influx-bucket",
          "'" + bucket + "'",
          "a name without quotation marks and without an underscore in front");
    }
    if (retention != null && bucket == null) {
      throw new StartupException(
          StartupException.CONFIGURATION, "--influx-bucket-retention: only with --influx-bucket");
    }
    return Optional.ofNullable(bucket).map(name -> new Bucket(name, retention()));
  }

  private Duration retention() {
    if (retention == null) {
      return Duration.ZERO;
    }
    return InfluxDuration.parse(retention)
        .filter(InfluxOptions::isRetention)
        .orElseThrow(
            () ->
                StartupException.invalidFlag(
                    "--influx-bucket-retention",
                    "'" + retention + "'",
                    "0, or 1h and more in whole seconds, such as 72h30m, 30d or 1w"));
  }

  /** The server has no shorter ones, and counts in seconds. */
  private static boolean isRetention(Duration duration) {
    return duration.isZero() || (duration.toHours() >= 1 && duration.toNanosPart() == 0);
  }
}
