package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.store.postgres.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every command of the README and of {@code docs/}, in order, and compares its output with the
 * output shown. CONTRIBUTING.md describes how the documents mark commands.
 */
class DocumentsIT {

  private static final Path ROOT = Path.of("..");
  private static final int MIN_COMMANDS = 40;
  private static final long TIMEOUT_SECONDS = 180;

  private static final Set<String> REASONS =
      Set.of("needs a terminal", "needs the programs of PostgreSQL");

  private static final Set<String> LANGUAGES =
      Set.of("console", "java", "nginx", "text", "xml", "yaml");

  private static final Pattern COMMENT = Pattern.compile("<!-- (runs|not run|file): (.+) -->");
  private static final Pattern FENCE = Pattern.compile("\\s*```(.*)");
  private static final String DATABASE = "postgresql://doppel:secret@127.0.0.1:5432/doppel";

  /** Ports that the page's servers listen on. */
  private static final Pattern PORT =
      Pattern.compile("(?<=127\\.0\\.0\\.1:|--port |--control-port )\\d{4,5}\\b");

  private static final Pattern SERVER =
      Pattern.compile("\\./doppel( serve( (?!--help).*)?| --(?!version|help).*)?");

  /** Exit code of curl when {@code --max-time} ends it. */
  private static final int CURL_TIMED_OUT = 28;

  /** Replacements of parts that differ between runs, in a text without whitespace. */
  private static final Map<Pattern, String> MASKS = new LinkedHashMap<>();

  static {
    mask("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>");
    mask("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "<time>");
    mask("\\b[0-9a-f]{16}\\b", "<id>");
    mask("(127\\.0\\.0\\.1|localhost):\\d+", "$1:<port>");
    mask("\"(micros|port)\":\\d+", "\"$1\":<number>");
    mask("\\d+bytes", "<size>");
  }

  private static void mask(String pattern, String by) {
    MASKS.put(Pattern.compile(pattern), by);
  }

  /** A command, and the output that the page shows. */
  private record Command(int line, String text, String output) {}

  /**
   * Commands that share a shell.
   *
   * @param runs {@code alone}, {@code postgres} or {@code serve} with flags; empty if they are not
   *     run
   */
  private record Section(Optional<String> runs, List<Command> commands) {}

  private record Page(List<Section> sections, Map<String, String> files) {}

  /** Runs the commands of one section in a directory. */
  private static final class Shell {

    private static final String END = "--- end of a command, exit code ";

    private static final String PREAMBLE =
        """
        start() {
          servers=$((${servers:-0} + 1))
          local log=.server$servers.log
          : >"$log"
          "$@" >"$log" 2>&1 &
          local pid=$!
          for i in $(seq 600); do
            grep -q '^doppel ready' "$log" && return 0
            kill -0 $pid 2>/dev/null || break
            sleep 0.1
          done
          cat "$log"
          return 1
        }
        stop() {
          kill $(jobs -p) 2>/dev/null
          wait
        }
        trap stop EXIT
        """;

    private final Path folder;
    private final Map<String, String> ports = new HashMap<>();

    Shell(Path folder) throws IOException {
      this.folder = folder;
      var doppel =
          Files.writeString(
              folder.resolve("doppel"),
              "#!/bin/sh\nexec '%s' -jar '%s' \"$@\"\n"
                  .formatted(
                      Path.of(System.getProperty("java.home"), "bin", "java"),
                      Path.of(System.getProperty("doppel.jar")).toAbsolutePath()));
      Files.setPosixFilePermissions(doppel, PosixFilePermissions.fromString("rwx------"));
      Files.writeString(folder.resolve(".curlrc"), "silent\nshow-error\nnoproxy = \"*\"\n");
    }

    /** Returns the output of each command. */
    List<Outcome> run(Section section) throws IOException, InterruptedException {
      var runs = section.runs().orElseThrow();
      var uri = runs.equals("postgres") ? TestPostgres.newUri() : DATABASE;
      var script = new StringBuilder(PREAMBLE);
      if (runs.startsWith("serve")) {
        script.append(bash("./doppel " + runs, uri)).append(" || exit\n");
      }
      for (var command : section.commands()) {
        script
            .append("{ ")
            .append(bash(command.text(), uri))
            .append("\n} 2>&1 </dev/null\nprintf '\\n")
            .append(END)
            .append("%s\\n' $?\n");
      }
      return outcomes(section, output(script.toString()));
    }

    /** Returns a command for the script: servers run in the background, on free ports. */
    private String bash(String command, String uri) {
      var text = command.replace(DATABASE, "'" + uri + "'");
      text = PORT.matcher(text).replaceAll(port -> port(port.group()));
      return SERVER.matcher(text).matches() ? "start " + text : text;
    }

    private String port(String documented) {
      return ports.computeIfAbsent(documented, any -> freePort());
    }

    private static String freePort() {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return Integer.toString(socket.getLocalPort());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String output(String script) throws IOException, InterruptedException {
      var file = folder.resolve(".output");
      var builder =
          new ProcessBuilder("bash", "-c", script)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(file.toFile());
      var environment = builder.environment();
      environment
          .keySet()
          .removeIf(name -> name.matches("(DOPPEL|INFLUX|INFLUXD|DOCKER|JAVA|JDK)_.*|_JAVA_.*"));
      environment.put("HOME", folder.toString());
      environment.put("DOPPEL_PORT", port("8080"));
      environment.put("DOPPEL_URL", "http://127.0.0.1:" + port("8080"));
      var process = builder.start();
      try {
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
            .as("ends in time; so far it printed:\n%s", Files.readString(file))
            .isTrue();
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      return Files.readString(file);
    }

    private static List<Outcome> outcomes(Section section, String output) {
      var outcomes = new ArrayList<Outcome>();
      int begin = 0;
      for (var ends = Pattern.compile("\n" + END + "(\\d+)\n").matcher(output); ends.find(); ) {
        outcomes.add(
            new Outcome(output.substring(begin, ends.start()), Integer.parseInt(ends.group(1))));
        begin = ends.end();
      }
      assertThat(outcomes).as(output).hasSameSizeAs(section.commands());
      return outcomes;
    }
  }

  private record Outcome(String output, int exitCode) {}

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of(ROOT.resolve("README.md")),
              docs.filter(file -> file.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  @Test
  void documents_haveCommands() throws IOException {
    var count = 0;
    for (var file : pages()) {
      for (var section : parse(file).sections()) {
        count += section.runs().isPresent() ? section.commands().size() : 0;
      }
    }
    assertThat(count).isGreaterThanOrEqualTo(MIN_COMMANDS);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commands_printTheOutputShown(Path file, @TempDir Path folder)
      throws IOException, InterruptedException {
    var page = parse(file);
    for (var one : page.files().entrySet()) {
      Files.writeString(folder.resolve(one.getKey()), one.getValue());
    }
    var shell = new Shell(folder);
    for (var section : page.sections()) {
      if (section.runs().isPresent()) {
        var outcomes = shell.run(section);
        for (int i = 0; i < outcomes.size(); i++) {
          assertShown(file, section.commands().get(i), outcomes.get(i));
        }
      }
    }
  }

  private static void assertShown(Path file, Command command, Outcome outcome) {
    var where = "%s:%d\n$ %s\n%s".formatted(file, command.line(), command.text(), outcome.output());
    if (!command.text().contains("--max-time") || outcome.exitCode() != CURL_TIMED_OUT) {
      assertThat(outcome.exitCode()).as(where).isZero();
    }
    if (command.output().isBlank()) {
      assertThat(outcome.output()).as(where).doesNotContainIgnoringCase("error");
    } else {
      assertThat(masked(outcome.output())).as(where).matches(pattern(masked(command.output())));
    }
  }

  private static String masked(String text) {
    var masked = text.replaceAll("\\s+", "");
    for (var mask : MASKS.entrySet()) {
      masked = mask.getKey().matcher(masked).replaceAll(mask.getValue());
    }
    return masked;
  }

  private static Pattern pattern(String shown) {
    return Pattern.compile(
        Stream.of(shown.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
        Pattern.DOTALL);
  }

  // ---- reading a page

  private static Page parse(Path file) throws IOException {
    var sections = new ArrayList<Section>();
    var files = new HashMap<String, String>();
    Optional<String> name = Optional.empty();
    var lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      var comment = comment(file, i, lines.get(i));
      var fence = FENCE.matcher(lines.get(i));
      if (comment.isPresent()) {
        var value = comment.get().group(2);
        switch (comment.get().group(1)) {
          case "runs" -> sections.add(new Section(Optional.of(value), new ArrayList<>()));
          case "file" -> name = Optional.of(value);
          default -> {
            assertThat(REASONS).as("%s:%d", file, i + 1).contains(value);
            sections.add(new Section(Optional.empty(), new ArrayList<>()));
          }
        }
      } else if (fence.matches()) {
        assertThat(LANGUAGES).as("%s:%d", file, i + 1).contains(fence.group(1));
        var end = i + 1;
        while (!FENCE.matcher(lines.get(end)).matches()) {
          end++;
        }
        var block = lines.subList(i + 1, end);
        if (fence.group(1).equals("console")) {
          assertThat(sections).as("a comment before %s:%d", file, i + 1).isNotEmpty();
          sections.get(sections.size() - 1).commands().addAll(commands(block, i + 2));
        } else {
          assertThat(block).as("%s:%d", file, i + 1).noneMatch(line -> line.startsWith("$ "));
          name.ifPresent(known -> files.put(known, String.join("\n", block) + "\n"));
          name = Optional.empty();
        }
        i = end;
      }
    }
    return new Page(sections, files);
  }

  private static Optional<Matcher> comment(Path file, int index, String line) {
    if (!line.startsWith("<!--")) {
      return Optional.empty();
    }
    var comment = COMMENT.matcher(line);
    assertThat(comment.matches()).as("%s:%d %s", file, index + 1, line).isTrue();
    return Optional.of(comment);
  }

  private static List<Command> commands(List<String> block, int first) {
    var commands = new ArrayList<Command>();
    for (int i = 0; i < block.size(); ) {
      var line = first + i;
      assertThat(block.get(i)).as("line %d", line).startsWith("$ ");
      var text = new StringBuilder(block.get(i++).substring(2));
      while (isOpen(text)) {
        text.append('\n').append(block.get(i++));
      }
      var output = new StringBuilder();
      while (i < block.size() && !block.get(i).startsWith("$ ")) {
        output.append(block.get(i++)).append('\n');
      }
      commands.add(new Command(line, text.toString(), output.toString()));
    }
    return commands;
  }

  /** Whether a command continues on the next line: after a backslash, or within quotes. */
  private static boolean isOpen(CharSequence command) {
    var quote = ' ';
    for (int i = 0; i < command.length(); i++) {
      var one = command.charAt(i);
      if (one == '\\' && quote != '\'') {
        if (++i == command.length()) {
          return true;
        }
      } else if (quote == ' ' && (one == '\'' || one == '"')) {
        quote = one;
      } else if (one == quote) {
        quote = ' ';
      }
    }
    return quote != ' ';
  }
}
