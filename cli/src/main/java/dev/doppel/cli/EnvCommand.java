package dev.doppel.cli;

import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.StartupException;
import dev.doppel.Vendors;
import dev.doppel.dialect.Endpoint;
import dev.doppel.dialect.Suggestions;
import dev.doppel.dialect.Vendor;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code doppel env influx}: prints variables that point a vendor's clients at a gateway. */
@Command(
    name = "env",
    description = "Prints environment variables that point a vendor's clients and CLI at Doppel.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class EnvCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(paramLabel = "DIALECT", description = "The vendor's name, such as influx.")
  private String dialect = "";

  @Option(names = VendorJars.FLAG, description = "Jars with more vendors, separated by commas.")
  @SuppressWarnings("UnusedVariable") // VendorJars reads it, before the others are looked at
  private @Nullable String vendorJars;

  @Option(names = "--url", description = "Address of Doppel. Default: http://127.0.0.1:8080")
  private String url = "http://127.0.0.1:8080";

  @Mixin private final CredentialOptions credentials = new CredentialOptions();

  @Override
  public Integer call() {
    var endpoint =
        new Endpoint(
            url,
            credentials.adminUser().orElse(Credentials.READY_USER),
            credentials.adminPassword().orElse(Credentials.READY_PASSWORD),
            credentials.operatorToken().orElse(Credentials.READY_TOKEN),
            credentials.defaultOrganization());
    var vendor =
        Vendors.find(Vendors.all(), dialect).orElseThrow(() -> newUnknownDialectException(dialect));
    vendor.clientEnvironment(endpoint).forEach(this::export);
    spec.commandLine()
        .getErr()
        .println("# to set them in this shell: eval \"$(./doppel env " + dialect + ")\"");
    spec.commandLine().getErr().flush();
    return 0;
  }

  private static StartupException newUnknownDialectException(String dialect) {
    var names = Vendors.all().stream().map(Vendor::name).toList();
    return StartupException.invalidFlag(
        "env",
        "'" + dialect + "'",
        Vendors.names(Vendors.all()).replaceFirst(", ([^,]*)$", " or $1")
            + Suggestions.didYouMean(dialect, names));
  }

  private void export(String name, String value) {
    spec.commandLine()
        .getOut()
        .println("export " + name + "='" + value.replace("'", "'\\''") + "'");
    spec.commandLine().getOut().flush();
  }
}
