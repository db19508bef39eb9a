package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Flags and environment variables in the documents. */
class DocumentedFlagsTest {

  private static final Path ROOT = Path.of("..");

  private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--([a-z][a-z-]*[a-z])");
  private static final Pattern VARIABLE =
      Pattern.compile("\\b(DOPPEL_[A-Z_]*[A-Z]|INFLUXD_[A-Z_]*[A-Z])\\b");

  /** Flags of curl. */
  private static final Set<String> OF_OTHER_PROGRAMS = Set.of("data-binary", "max-time");

  /** Variables that only tests read. */
  private static final Set<String> OTHER_VARIABLES = Set.of("DOPPEL_TEST_POSTGRES");

  private static final CommandLine COMMANDS =
      Main.commandLine(Defaults.of(new String[0], Map.of()));

  private static Stream<String> flags(CommandLine command) {
    return Stream.concat(
        command.getCommandSpec().options().stream()
            .flatMap(option -> Stream.of(option.names()))
            .filter(name -> name.startsWith("--"))
            .map(name -> name.substring(2)),
        command.getSubcommands().values().stream().flatMap(DocumentedFlagsTest::flags));
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  private static Set<String> found(Pattern pattern, Path document) throws IOException {
    return pattern
        .matcher(Files.readString(document))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String variable(String prefix, String flag) {
    return prefix + flag.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  @Test
  void documentedFlags_exist() throws IOException {
    var known = flags(COMMANDS).collect(Collectors.toCollection(TreeSet::new));
    known.addAll(OF_OTHER_PROGRAMS);
    assertThat(documents()).hasSizeGreaterThan(10);
    for (var document : documents()) {
      assertThat(known).as(document.toString()).containsAll(found(FLAG, document));
    }
  }

  @Test
  void documentedVariables_exist() throws IOException {
    var known = new TreeSet<>(OTHER_VARIABLES);
    flags(COMMANDS)
        .forEach(
            flag -> {
              known.add(variable("DOPPEL_", flag));
              if (flag.startsWith("influx-")) {
                known.add(variable("INFLUXD_", flag.substring("influx-".length())));
              }
            });
    for (var document : documents()) {
      assertThat(known).as(document.toString()).containsAll(found(VARIABLE, document));
    }
  }

  @Test
  void flagsOfServe_areAllDocumented() throws IOException {
    var serve = COMMANDS.getSubcommands().get("serve");
    var wanted = flags(serve).filter(name -> !Set.of("help", "version").contains(name)).toList();
    assertThat(wanted).hasSizeGreaterThan(30);
    var page = Files.readString(ROOT.resolve("docs/flags.md"));
    assertThat(wanted).allSatisfy(flag -> assertThat(page).contains("`--" + flag + "`"));
  }
}
