package dev.doppel.cli;

import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.StartupException;
import dev.doppel.Vendors;
import dev.doppel.dialect.Endpoint;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code doppel env influx}: export lines that point a vendor's clients at a running gateway. */
@Command(
    name = "env",
    description = "Prints the variables that a vendor's clients and CLI read.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class EnvCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(paramLabel = "DIALECT", description = "The vendor's name, such as influx.")
  private String dialect = "";

  @Option(names = "--url", description = "Where Doppel runs. Default: http://127.0.0.1:8080")
  private String url = "http://127.0.0.1:8080";

  @Option(names = "--admin-user", description = "Default: root")
  private String user = Credentials.READY_USER;

  @Option(names = "--admin-password", description = "Default: the ready-to-use one")
  private @Nullable String adminPassword;

  @Option(names = "--admin-password-file", description = "File that holds it.")
  private @Nullable String adminPasswordFile;

  @Option(names = "--operator-token", description = "Default: the ready-to-use one")
  private @Nullable String operatorToken;

  @Option(names = "--operator-token-file", description = "File that holds it.")
  private @Nullable String operatorTokenFile;

  @Option(names = "--default-organization", description = "Default: doppel")
  private String organization = "doppel";

  @Override
  public Integer call() {
    var password =
        SecretFile.read("--admin-password", adminPassword, adminPasswordFile)
            .orElse(Credentials.READY_PASSWORD);
    var token =
        SecretFile.read("--operator-token", operatorToken, operatorTokenFile)
            .orElse(Credentials.READY_TOKEN);
    var vendor =
        Vendors.find(Vendors.all(), dialect)
            .orElseThrow(
                () ->
                    new StartupException(
                        StartupException.CONFIGURATION,
                        "env '"
                            + dialect
                            + "': not allowed; use "
                            + Vendors.names(Vendors.all()).replaceFirst(", ([^,]*)$", " or $1")));
    vendor
        .clientEnvironment(new Endpoint(url, user, password, token, organization))
        .forEach(this::export);
    spec.commandLine()
        .getErr()
        .println("# for this shell: eval \"$(./doppel env " + dialect + ")\"");
    spec.commandLine().getErr().flush();
    return 0;
  }

  private void export(String name, String value) {
    spec.commandLine()
        .getOut()
        .println("export " + name + "='" + value.replace("'", "'\\''") + "'");
    spec.commandLine().getOut().flush();
  }
}
