package dev.doppel.testkit;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/**
 * Command that replays recordings ({@code .ndjson}) and exchanges ({@code .http}) against any
 * server and prints where it answers otherwise.
 *
 * <pre>
 *   replay URL FILE… [--set TEXT=VALUE]… [--fidelity documented|observed] [--insecure]
 * </pre>
 *
 * <p>A recording begins on an empty server. Exchanges expect the users {@code root}, {@code alice}
 * and {@code bob} (inactive), unless their file says {@code realm: blank}; {@code --set} gives what
 * the server has instead of a text in them, such as a token, a password, or the id of a user that
 * comes up in a request first ({@code 1059cea664c01002} is root, 3 the token, 4 alice, 5 bob). Exit
 * codes: 0 all answers are as expected, 1 some differ, 2 wrong arguments or no connection.
 */
public final class Replayer {

  private static final String USAGE =
      "usage: replay URL FILE... [--set TEXT=VALUE]... [--fidelity documented|observed]"
          + " [--insecure]";

  private record Arguments(
      URI url, List<Path> files, Map<String, String> given, String fidelity, boolean insecure) {

    static Arguments parse(String... args) {
      var plain = new ArrayList<String>();
      var given = new HashMap<String, String>();
      var fidelity = "observed";
      var insecure = false;
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--insecure" -> insecure = true;
          case "--fidelity" -> fidelity = value(args, ++i);
          case "--set" -> {
            var pair = value(args, ++i).split("=", 2);
            if (pair.length < 2 || pair[0].isEmpty()) {
              throw new IllegalArgumentException("--set: TEXT=VALUE is allowed");
            }
            given.put(pair[0], pair[1]);
          }
          default -> plain.add(args[i]);
        }
      }
      if (plain.size() < 2 || plain.stream().anyMatch(arg -> arg.startsWith("--"))) {
        throw new IllegalArgumentException(USAGE);
      }
      if (!List.of("documented", "observed").contains(fidelity)) {
        throw new IllegalArgumentException(
            "--fidelity '" + fidelity + "': documented and observed are allowed");
      }
      var url = URI.create(plain.get(0));
      if (!List.of("http", "https").contains(String.valueOf(url.getScheme()))
          || url.getHost() == null) {
        throw new IllegalArgumentException(
            "URL '" + url + "': one such as http://localhost:8086 is allowed");
      }
      var files = plain.subList(1, plain.size()).stream().map(Path::of).toList();
      return new Arguments(url, files, given, fidelity, insecure);
    }

    private static String value(String[] args, int at) {
      if (at == args.length) {
        throw new IllegalArgumentException(args[at - 1] + ": a value is missing\n" + USAGE);
      }
      return args[at];
    }
  }

  private Replayer() {}

  public static void main(String[] args) throws IOException {
    System.exit(run(System.out, System.err, args));
  }

  /** Runs the command and returns its exit code. */
  static int run(PrintStream out, PrintStream err, String... args) throws IOException {
    Arguments arguments;
    try {
      arguments = Arguments.parse(args);
    } catch (IllegalArgumentException wrong) {
      err.println(wrong.getMessage());
      return 2;
    }
    int differences = 0;
    try (var client = new ReplayClient(arguments.url, arguments.insecure)) {
      for (var file : arguments.files) {
        differences += replay(new Replay(client::send), file, arguments, out);
      }
    } catch (CompletionException unreachable) {
      err.println("no answer from " + arguments.url + ": " + unreachable.getCause());
      return 2;
    }
    return differences == 0 ? 0 : 1;
  }

  private static int replay(Replay replay, Path file, Arguments arguments, PrintStream out)
      throws IOException {
    Replay.Result result;
    if (file.toString().endsWith(".http")) {
      var dialogue = Exchange.parse(Files.readString(file));
      var fidelity = dialogue.setting("fidelity").orElse(arguments.fidelity);
      if (!fidelity.equals(arguments.fidelity)) {
        out.printf("%s: skipped, for fidelity %s%n", file, fidelity);
        return 0;
      }
      dialogue.setting("started").ifPresent(how -> out.printf("%s: needs %s%n", file, how));
      var folder = file.toAbsolutePath().resolveSibling(".");
      result = replay.replay(dialogue, ExchangeSet.read(folder), arguments.given);
    } else {
      result = replay.replay(Recording.read(file));
    }
    for (var difference : result.differences()) {
      out.printf(
          "%n--- %s: %s%n%s%nexpected:%n%s%nanswered:%n%s%n",
          file.getFileName(),
          difference.title(),
          difference.request(),
          difference.expected(),
          difference.actual());
    }
    out.printf(
        "%s: %d answers compared, %d differ%n",
        file, result.compared(), result.differences().size());
    return result.differences().size();
  }
}
