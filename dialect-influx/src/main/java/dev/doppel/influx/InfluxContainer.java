package dev.doppel.influx;

import dev.doppel.dialect.InvalidOptionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The variables that set up InfluxDB's own container, as its entrypoint reads them
 * (influxdata-docker, influxdb/2.7/entrypoint.sh): only with a mode; an empty variable is none; a
 * file that a variable names wins over the variable that holds the value, and is passed over if it
 * isn't there.
 */
final class InfluxContainer {

  private static final String PREFIX = "DOCKER_INFLUXDB_INIT_";
  private static final String MODE = "MODE";
  private static final String SETUP = "setup";
  private static final String PASSWORD = "PASSWORD";

  private static final List<String> REQUIRED = List.of("USERNAME", PASSWORD, "ORG", "BUCKET");
  private static final List<String> IN_FILES = List.of("USERNAME", PASSWORD, "ADMIN_TOKEN");

  private static final Map<String, String> FLAGS =
      Map.of(
          "admin-user", "USERNAME",
          "admin-password", PASSWORD,
          "operator-token", "ADMIN_TOKEN",
          "default-organization", "ORG",
          "influx-bucket", "BUCKET",
          "influx-bucket-retention", "RETENTION");

  private static final int MIN_PASSWORD_BYTES = 8;
  private static final int MAX_PASSWORD_BYTES = 72;

  private final Map<String, String> environment;

  InfluxContainer(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Returns the value of a flag of ours; empty if the container sets none. */
  Optional<String> value(String flag) {
    return variable(MODE).filter(SETUP::equals).isPresent()
        ? Optional.ofNullable(FLAGS.get(flag)).flatMap(this::given)
        : Optional.empty();
  }

  /**
   * Checks what the vendor's container would start with.
   *
   * @return a line for whoever starts the process, if some of it is not used
   * @throws InvalidOptionException if the container would end
   */
  Optional<String> check() {
    var mode = variable(MODE);
    if (mode.isEmpty()) {
      return FLAGS.values().stream()
          .filter(name -> given(name).isPresent())
          .sorted()
          .findFirst()
          .map(name -> PREFIX + name + ": not used without " + PREFIX + MODE + "=" + SETUP);
    }
    if (mode.get().equals("upgrade")) {
      throw InvalidOptionException.notAllowed(
          PREFIX + MODE, "'upgrade'", SETUP + "; there is no InfluxDB 1.x here to upgrade");
    }
    if (!mode.get().equals(SETUP)) {
      throw InvalidOptionException.notAllowed(PREFIX + MODE, "'" + mode.get() + "'", SETUP);
    }
    var missing = REQUIRED.stream().filter(name -> given(name).isEmpty()).toList();
    if (!missing.isEmpty()) {
      throw new InvalidOptionException(
          PREFIX
              + MODE
              + "=setup: needs "
              + String.join(", ", missing.stream().map(this::described).toList()));
    }
    checkPassword(given(PASSWORD).orElseThrow());
    return unreadable().findFirst().map(name -> skipped(name) + "; " + PREFIX + name + " is used");
  }

  private static void checkPassword(String password) {
    var bytes = password.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < MIN_PASSWORD_BYTES || bytes > MAX_PASSWORD_BYTES) {
      throw InvalidOptionException.notAllowed(
          PREFIX + PASSWORD,
          "of " + bytes + " bytes",
          "%s to %s bytes, as InfluxDB does".formatted(MIN_PASSWORD_BYTES, MAX_PASSWORD_BYTES));
    }
  }

  private String described(String missing) {
    return PREFIX
        + missing
        + (unreadable().anyMatch(missing::equals) ? " (" + skipped(missing) + ")" : "");
  }

  private Stream<String> unreadable() {
    return IN_FILES.stream()
        .filter(name -> variable(name + "_FILE").isPresent() && inFile(name).isEmpty());
  }

  private String skipped(String name) {
    return "%s%s_FILE '%s' can't be read"
        .formatted(PREFIX, name, variable(name + "_FILE").orElse(""));
  }

  private Optional<String> given(String name) {
    return (IN_FILES.contains(name) ? inFile(name) : Optional.<String>empty())
        .or(() -> variable(name));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(PREFIX + name)).filter(value -> !value.isEmpty());
  }

  /** As a shell's {@code $(cat file)}, without the line breaks at the end. */
  private Optional<String> inFile(String name) {
    return variable(name + "_FILE")
        .flatMap(
            file -> {
              try {
                return Optional.of(Files.readString(Path.of(file)).replaceAll("\\n+\\z", ""));
              } catch (IOException | InvalidPathException e) {
                return Optional.empty(); // check() says so
              }
            });
  }
}
