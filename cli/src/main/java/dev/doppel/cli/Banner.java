package dev.doppel.cli;

import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Stores;
import dev.doppel.DoppelConfig.Tls;
import dev.doppel.Vendors;
import dev.doppel.dialect.Endpoint;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.Gateway;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The text that is printed when a gateway is ready, with a sample command for each dialect. It
 * contains only the well-known ready-to-use secrets; other secrets appear as the names of the
 * variables that hold them.
 */
final class Banner {

  private Banner() {}

  /**
   * Prints the text; its last line says that the gateway is ready.
   *
   * @param millis the time that the start took
   */
  static void print(PrintWriter out, Gateway gateway, long millis) {
    lines(gateway).forEach(out::println);
    out.println("doppel ready on " + gateway.url() + " in " + millis + " ms");
    out.flush();
  }

  private static List<String> lines(Gateway gateway) {
    var config = gateway.config();
    var lines = new ArrayList<String>();
    lines.add(
        "Doppel: several vendors' user APIs, %s (%s)"
            .formatted(
                config.stores() == Stores.SHARED ? "one user store" : "a user store for each",
                config.store()));
    lines.add("Control plane: " + control(gateway));
    var nested = Vendors.nestedPrefixes(config.vendors());
    if (!nested.isEmpty()) {
      lines.add("Nested paths, of which the longer one wins: " + String.join(", ", nested));
    }
    if (config.credentials().blank()) {
      lines.add("No administrator: the store was started blank.");
      for (var served : config.vendors()) {
        served
            .vendor()
            .setupRequest()
            .ifPresent(
                request -> {
                  lines.add("");
                  lines.add("# set up through " + served.name());
                  lines.add(request.command("curl", gateway.url()));
                });
      }
    } else {
      for (var served : config.vendors()) {
        lines.add("");
        lines.add("# " + title(served, gateway));
        lines.add(example(served.vendor(), gateway));
      }
    }
    lines.add("");
    return lines;
  }

  private static String control(Gateway gateway) {
    if (gateway.config().control().token().isPresent()) {
      return gateway.controlUrl() + "/ with the bearer token $DOPPEL_CONTROL_TOKEN";
    }
    return gateway.config().controlNeedsToken()
        ? "health and ready only; start with --control-token for the rest"
        : gateway.controlUrl() + "/";
  }

  private static String title(ServedVendor<?> served, Gateway gateway) {
    var title = served.name() + ", " + served.fidelity().name().toLowerCase(Locale.ROOT);
    if (served.fidelity() == Fidelity.DOCUMENTED && !served.vendor().differences().isEmpty()) {
      title += " (--fidelity %s=observed answers as the product does)".formatted(served.name());
    }
    return gateway.config().listen().ports().containsKey(served.name())
        ? title + ", also on " + gateway.url(served.vendor())
        : title;
  }

  private static String example(Vendor<?> vendor, Gateway gateway) {
    var config = gateway.config();
    var ready = config.readyToUse();
    var endpoint =
        new Endpoint(
            gateway.url(),
            config.credentials().userName(),
            ready ? Credentials.READY_PASSWORD : "$DOPPEL_ADMIN_PASSWORD",
            ready ? Credentials.READY_TOKEN : "$DOPPEL_OPERATOR_TOKEN",
            config.defaultOrganization());
    var selfSigned = config.listen().tls().filter(Tls.SelfSigned.class::isInstance).isPresent();
    return vendor.sampleRequest(endpoint).command(selfSigned ? "curl -k" : "curl", gateway.url());
  }
}
