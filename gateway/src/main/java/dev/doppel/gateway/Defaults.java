package dev.doppel.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values of flags that were not given: from the environment, else from the configuration file.
 * {@code --operator-token} is {@code DOPPEL_OPERATOR_TOKEN} there and {@code operator-token} here.
 * What InfluxDB and its own container are started with is understood as well.
 */
final class Defaults implements IDefaultValueProvider {

  private static final String CONFIG = "--config";
  private static final String INFLUX = "influx-";

  private static final Map<String, String> OF_INFLUX_CONTAINER =
      Map.of(
          "admin-user", "DOCKER_INFLUXDB_INIT_USERNAME",
          "admin-password", "DOCKER_INFLUXDB_INIT_PASSWORD",
          "operator-token", "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN",
          "default-organization", "DOCKER_INFLUXDB_INIT_ORG",
          "influx-bucket", "DOCKER_INFLUXDB_INIT_BUCKET");

  private final Map<String, String> environment;
  private final Map<String, String> file;

  private Defaults(Map<String, String> environment, Map<String, String> file) {
    this.environment = environment;
    this.file = file;
  }

  /**
   * Looks for the configuration file among the arguments, then in the environment.
   *
   * @throws Refused if there is none where it should be, or it can't be understood
   */
  static Defaults of(String[] args, Map<String, String> environment) {
    var path = given(args).or(() -> Optional.ofNullable(environment.get(variable("config"))));
    return new Defaults(environment, path.map(Path::of).map(Defaults::read).orElse(Map.of()));
  }

  private static Optional<String> given(String[] args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(CONFIG + "=")) {
        return Optional.of(args[i].substring(CONFIG.length() + 1));
      }
      if (args[i].equals(CONFIG) && i + 1 < args.length) {
        return Optional.of(args[i + 1]);
      }
    }
    return Optional.empty();
  }

  private static Map<String, String> read(Path path) {
    if (!Files.isReadable(path)) {
      throw refused(path, "there is no such file to read");
    }
    try {
      var tree = new YAMLMapper().readTree(Files.readAllBytes(path));
      if (tree == null || tree.isMissingNode() || tree.isNull()) {
        return Map.of();
      }
      if (!tree.isObject()) {
        throw refused(path, "it must hold one 'flag: value' a line");
      }
      var values = new HashMap<String, String>();
      tree.properties().forEach(entry -> values.put(known(path, entry.getKey()), text(entry)));
      return values;
    } catch (IOException e) {
      throw refused(path, "it is no YAML");
    }
  }

  private static String known(Path path, String key) {
    var allowed =
        CommandSpec.forAnnotatedObject(new ServeCommand()).options().stream()
            .map(Defaults::name)
            .filter(name -> !name.equals("config") && !name.equals("help"))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!allowed.contains(key)) {
      throw refused(path, "there is no '" + key + "'; allowed are " + String.join(", ", allowed));
    }
    return key;
  }

  private static String text(Map.Entry<String, JsonNode> entry) {
    return entry.getValue().isArray()
        ? StreamSupport.stream(entry.getValue().spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(","))
        : entry.getValue().asText();
  }

  private static Refused refused(Path path, String why) {
    return new Refused(Refused.CONFIGURATION, CONFIG + " " + path + ": " + why);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    var name = name(option);
    return Optional.ofNullable(environment.get(variable(name)))
        .or(() -> ofInflux(name))
        .or(() -> Optional.ofNullable(file.get(name)))
        .orElse(null);
  }

  /** {@code --influx-session-length} is {@code INFLUXD_SESSION_LENGTH} for InfluxDB itself. */
  private Optional<String> ofInflux(String name) {
    return name.startsWith(INFLUX) && !name.equals("influx-bucket")
        ? Optional.ofNullable(
            environment.get("INFLUXD_" + upperCase(name.substring(INFLUX.length()))))
        : ofInfluxContainer(name);
  }

  private Optional<String> ofInfluxContainer(String name) {
    return "setup".equals(environment.get("DOCKER_INFLUXDB_INIT_MODE"))
        ? Optional.ofNullable(OF_INFLUX_CONTAINER.get(name)).map(environment::get)
        : Optional.empty();
  }

  private static String name(OptionSpec option) {
    return option.longestName().substring(2);
  }

  private static String variable(String name) {
    return "DOPPEL_" + upperCase(name);
  }

  private static String upperCase(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
