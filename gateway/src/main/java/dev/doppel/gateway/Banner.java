package dev.doppel.gateway;

import dev.doppel.gateway.GatewayConfig.Credentials;
import dev.doppel.gateway.GatewayConfig.Tls;
import dev.doppel.gateway.GatewayConfig.Vendor;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What is printed when a gateway is ready: one command per dialect to try it with. Secrets are
 * printed only if they are the ready-to-use ones, which everybody knows; others appear as the
 * variables that hold them.
 */
final class Banner {

  private Banner() {}

  /** The ready line comes last. */
  static void print(PrintWriter out, Gateway gateway, long millis) {
    lines(gateway).forEach(out::println);
    out.println("doppel ready on " + gateway.url() + " in " + millis + " ms");
    out.flush();
  }

  private static List<String> lines(Gateway gateway) {
    var config = gateway.config();
    var lines = new ArrayList<String>();
    lines.add("Doppel: several vendors' user APIs, one user store (" + config.store() + ")");
    lines.add("Control plane: " + control(gateway));
    if (config.credentials().blank()) {
      lines.add("No administrator: the store was started blank.");
      if (config.dialects().contains(Vendor.INFLUX)) {
        lines.add("");
        lines.add("# influx sets it up");
        lines.add(
            "curl -d '{\"username\":\"root\",\"password\":\"P@ssw0rd\",\"org\":\"doppel\",\"bucket\":\"data\"}' %s/api/v2/setup"
                .formatted(gateway.url()));
      }
    } else {
      new TreeSet<>(config.dialects())
          .forEach(
              vendor -> {
                lines.add("");
                lines.add(
                    "# "
                        + vendor.dialect()
                        + ", "
                        + config.fidelity(vendor).name().toLowerCase(java.util.Locale.ROOT));
                lines.add(example(vendor, gateway));
              });
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

  private static String example(Vendor vendor, Gateway gateway) {
    var url = gateway.url();
    var ready = gateway.config().readyToUse();
    var user = gateway.config().credentials().userName();
    var password = ready ? Credentials.READY_PASSWORD : "$DOPPEL_ADMIN_PASSWORD";
    var token = ready ? Credentials.READY_TOKEN : "$DOPPEL_OPERATOR_TOKEN";
    var curl =
        gateway.config().listen().tls().filter(Tls.SelfSigned.class::isInstance).isPresent()
            ? "curl -k"
            : "curl";
    var rest =
        switch (vendor) {
          case MILVUS ->
              " -H \"Authorization: Bearer %s:%s\" -d '{\"userName\":\"alice\",\"password\":\"P@ssw0rd\"}' %s/v2/vectordb/users/create"
                  .formatted(user, password, url);
          case INFLUX -> " -H \"Authorization: Token %s\" %s/api/v2/users".formatted(token, url);
          case VCLOUD ->
              " -X POST -u \"%s@System:%s\" -H \"Accept: application/json;version=39.1\" %s/cloudapi/1.0.0/sessions/provider"
                  .formatted(user, password, url);
          case WORKSPACE ->
              " -H \"Authorization: Bearer %s\" %s/v1/users/profile".formatted(token, url);
        };
    return curl + rest;
  }
}
