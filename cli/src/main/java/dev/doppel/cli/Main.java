package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.passwords.HashFamilies;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Errors are one line on standard error. */
@Command(
    name = "doppel",
    description = "Speaks several vendors' user APIs over one shared user store.",
    subcommands = {
      ServeCommand.class,
      EnvCommand.class,
      AdminCommand.class,
      CheckCommand.class,
      BackupCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      TrainCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false)
final class Main implements Runnable {

  private static final Set<String> ABOUT_ITSELF = Set.of("--help", "-h", "--version", "-V");

  /** The version in the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      var version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"doppel " + (version == null ? "(not packaged)" : version)};
    }
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Runs a command and exits with its exit code. */
  public static void main(String[] args) {
    // Netty's flight recorder events cost 55 ms of the first request and aren't used.
    System.getProperties().putIfAbsent("io.netty.jfr.enabled", "false");
    System.exit(run(args));
  }

  /**
   * Runs a command in this process's environment; without a command's name, {@code serve}.
   *
   * @return the exit code
   */
  static int run(String... args) {
    return run(System.getenv(), args);
  }

  /**
   * Runs a command with the given environment variables.
   *
   * @return the exit code
   */
  static int run(Map<String, String> environment, String... args) {
    try {
      VendorJars.use(args, environment);
      var defaults = Defaults.of(args, environment);
      var command = withCommand(args);
      if (command[0].equals("serve") && Arrays.stream(command).noneMatch(ABOUT_ITSELF::contains)) {
        defaults.checkVendorsVariables().forEach(line -> System.err.println("doppel: " + line));
      }
      return commandLine(defaults).execute(command);
    } catch (StartupException refused) {
      System.err.println("doppel: " + refused.line());
      return refused.exitCode();
    }
  }

  /** Returns {@code serve} with these flags parsed, in an empty environment. */
  static ServeCommand serve(String... flags) {
    return serve(Map.of(), flags);
  }

  /** Returns {@code serve} with these flags parsed, in the given environment. */
  static ServeCommand serve(Map<String, String> environment, String... flags) {
    var parsed = commandLine(Defaults.of(flags, environment)).parseArgs(withCommand(flags));
    return (ServeCommand) parsed.subcommand().commandSpec().userObject();
  }

  /** Creates the parser of all commands. */
  static CommandLine commandLine(Defaults defaults) {
    return completed(new CommandLine(new Main()))
        .setDefaultValueProvider(defaults)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::wrongParameter)
        .setExecutionExceptionHandler(
            (thrown, commandLine, parsed) -> {
              if (thrown instanceof StartupException refused) {
                return say(commandLine.getErr(), refused.line(), refused.exitCode());
              }
              throw thrown;
            });
  }

  /** Adds the vendors' options to {@code serve} and the formats of password hashes to its help. */
  private static CommandLine completed(CommandLine commandLine) {
    var lines = new ArrayList<>(List.of("", "A passwordHash in a seed has one of these forms:"));
    HashFamilies.forms()
        .forEach(form -> lines.add("  " + form.replace("%", "%%").replace("$", "$$")));
    VendorOptions.addTo(serve(commandLine).getCommandSpec())
        .usageMessage()
        .footer(lines.toArray(String[]::new));
    return commandLine;
  }

  private static CommandLine serve(CommandLine commandLine) {
    return Objects.requireNonNull(commandLine.getSubcommands().get("serve"));
  }

  private static String[] withCommand(String... args) {
    var general = args.length > 0 && !args[0].startsWith("-");
    var aboutItself = args.length > 0 && ABOUT_ITSELF.contains(args[0]);
    if (general || aboutItself) {
      return args;
    }
    var all = new String[args.length + 1];
    all[0] = "serve";
    System.arraycopy(args, 0, all, 1, args.length);
    return all;
  }

  private static int wrongParameter(ParameterException wrong, String[] args) {
    var text =
        wrong instanceof UnmatchedArgumentException unmatched
            ? unexpected(unmatched)
            : String.valueOf(wrong.getMessage()).lines().findFirst().orElse("wrong parameters");
    return say(wrong.getCommandLine().getErr(), text, ExitCode.USAGE);
  }

  /**
   * Formats the error about an unknown argument. It quotes a flag without its value, or a command;
   * other arguments may be secrets.
   */
  private static String unexpected(UnmatchedArgumentException unmatched) {
    var argument = unmatched.getUnmatched().get(0);
    if (!argument.startsWith("-") && unmatched.getCommandLine().getSubcommands().isEmpty()) {
      return "an argument that no flag needs: not expected; quote values that have blanks";
    }
    return "'%s': not known%s"
        .formatted(
            argument.split("=", 2)[0],
            unmatched.getSuggestions().stream()
                .findFirst()
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElse("; see --help"));
  }

  private static int say(PrintWriter err, String line, int exitCode) {
    err.println("doppel: " + line);
    err.flush();
    return exitCode;
  }
}
