package dev.doppel.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.doppel.StartupException;
import dev.doppel.Vendors;
import dev.doppel.dialect.InvalidOptionException;
import dev.doppel.dialect.Suggestions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values of flags that are not on the command line: from the environment, else from the
 * configuration file. {@code --operator-token} is {@code DOPPEL_OPERATOR_TOKEN} in the environment
 * and {@code operator-token} in the file. The vendors' own environment variables are read, too.
 */
final class Defaults implements IDefaultValueProvider {

  private static final String CONFIG = "--config";

  private static final String FILE = "-file";

  /** Flags that can't be given in the configuration file. */
  private static final Set<String> NOT_IN_FILE =
      Set.of("config", "help", VendorJars.FLAG.substring(2));

  /** Flags that have a variant with the suffix {@code -file}, which names a file with the value. */
  private static final Set<String> IN_FILES =
      Set.of(
          "admin-password", "operator-token", "control-token", "store", "into", "from", "password");

  private final Map<String, String> environment;
  private final Map<String, String> file;
  private final List<String> args;

  private Defaults(String[] args, Map<String, String> environment, Map<String, String> file) {
    this.args = List.of(args);
    this.environment = environment;
    this.file = file;
  }

  /**
   * Reads the configuration file that the arguments name, or else the environment.
   *
   * @throws StartupException if the file can't be read or isn't valid
   */
  static Defaults of(String[] args, Map<String, String> environment) {
    var path = given(args).or(() -> Optional.ofNullable(environment.get(variable("config"))));
    return new Defaults(args, environment, path.map(Path::of).map(Defaults::read).orElse(Map.of()));
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
        ServeCommand.spec().options().stream()
            .map(Defaults::name)
            .filter(name -> !NOT_IN_FILE.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!allowed.contains(key)) {
      throw refused(
          path,
          "there is no '%s'; allowed are %s%s"
              .formatted(key, String.join(", ", allowed), Suggestions.didYouMean(key, allowed)));
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

  private static StartupException refused(Path path, String why) {
    return new StartupException(StartupException.CONFIGURATION, CONFIG + " " + path + ": " + why);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    var name = name(option);
    var other = other(name);
    if (other.filter(this::isArgument).isPresent()) {
      return null;
    }
    // If one source has both a value and its file, both are returned, and the command refuses them.
    return ofEnvironment(name)
        .or(() -> unless(other.flatMap(this::ofEnvironment), () -> ofVendors(name)))
        .or(
            () ->
                unless(
                    other.flatMap(one -> ofEnvironment(one).or(() -> ofVendors(one))),
                    () -> Optional.ofNullable(file.get(name))))
        .orElse(null);
  }

  private Optional<String> ofEnvironment(String name) {
    return Optional.ofNullable(environment.get(variable(name)));
  }

  private static Optional<String> unless(
      Optional<String> before, Supplier<Optional<String>> value) {
    return before.isPresent() ? Optional.empty() : value.get();
  }

  /** Returns the flag for the same value: {@code x-file} for {@code x}, and the reverse. */
  private static Optional<String> other(String name) {
    if (name.endsWith(FILE)) {
      var value = name.substring(0, name.length() - FILE.length());
      return Optional.of(value).filter(IN_FILES::contains);
    }
    return Optional.of(name).filter(IN_FILES::contains).map(value -> value + FILE);
  }

  private boolean isArgument(String name) {
    return args.stream()
        .anyMatch(arg -> arg.equals("--" + name) || arg.startsWith("--" + name + "="));
  }

  /**
   * Checks the vendors' own environment variables.
   *
   * @return warnings about variables that have no effect
   * @throws StartupException if the vendor's program would refuse to start with them
   */
  List<String> checkVendorsVariables() {
    try {
      return Vendors.all().stream()
          .flatMap(vendor -> vendor.checkOwnVariables(environment).stream())
          .toList();
    } catch (InvalidOptionException invalid) {
      throw new StartupException(StartupException.CONFIGURATION, invalid);
    }
  }

  private Optional<String> ofVendors(String name) {
    return Vendors.all().stream()
        .flatMap(vendor -> vendor.ownVariable(name, environment).stream())
        .findFirst();
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
