package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.Vendors;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.InvalidOptionException;
import dev.doppel.dialect.OptionValues;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Vendor;
import dev.doppel.dialect.VendorOption;
import dev.doppel.gateway.input.VendorLists;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Flags that select the vendors to serve and configure them. Each vendor adds its own. */
final class VendorOptions {

  private static final int MAX_PORT = 65_535;

  private static final String VENDOR_PORTS = "--vendor-ports";

  @Option(
      names = VENDOR_PORTS,
      description = "Also serve each dialect on its vendor's port:") // which addTo() lists
  private boolean vendorPorts;

  @Option(
      names = "--ports",
      description =
          "Also serve dialects on ports of their own, such as influx=8086,milvus=0; 0 takes a free"
              + " one. Default: none")
  private String ports = "";

  @Option(
      names = VendorJars.FLAG,
      description = "Jars with more vendors, separated by commas; not in the file of --config.")
  @SuppressWarnings("UnusedVariable") // VendorJars reads it, before the others are looked at
  private @Nullable String vendorJars;

  @Option(
      names = "--dialects",
      description = "Dialects to serve, separated by commas, such as influx,milvus. Default: all")
  private @Nullable String dialects;

  @Option(
      names = "--fidelity",
      description =
          "Follow the vendors' documentation or their servers: documented or observed, for all or"
              + " such as influx=observed. Default: documented")
  private String fidelity = "documented";

  @Option(
      names = "--emulate",
      description =
          "Versions of the vendors' products, such as influx=2.7,milvus=2.5. Default: the newest")
  private String emulate = "";

  /** Adds the options of all vendors to a command. */
  static CommandSpec addTo(CommandSpec spec) {
    var ports = spec.findOption(VENDOR_PORTS);
    spec.remove(ports);
    spec.addOption(OptionSpec.builder(ports).description(ports.description()[0] + list()).build());
    for (var vendor : Vendors.all()) {
      vendor.options().forEach(option -> spec.addOption(spec(vendor, option)));
    }
    return spec;
  }

  private static String list() {
    return Vendors.all().stream()
        .map(
            vendor ->
                vendor.port()
                    + vendor.extraListener().map(extra -> " (and " + extra.port() + ")").orElse(""))
        .collect(Collectors.joining(", ", " ", "."));
  }

  private static OptionSpec spec(Vendor<?> vendor, VendorOption option) {
    var builder = OptionSpec.builder("--" + option.name()).description(option.description());
    return option.isSwitch()
        ? builder.type(boolean.class).arity("0").build()
        : builder.type(String.class).arity("1").paramLabel(label(vendor, option)).build();
  }

  /** Returns such as {@code <sessionLength>} for {@code --influx-session-length}. */
  private static String label(Vendor<?> vendor, VendorOption option) {
    var words = option.name().substring(vendor.name().length() + 1).split("-");
    return Arrays.stream(words)
        .skip(1)
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining("", "<" + words[0], ">"));
  }

  /** Returns whether each dialect is served on its vendor's own port. */
  boolean vendorPorts() {
    return vendorPorts;
  }

  /**
   * Returns the dialects' own ports, by the dialect's name.
   *
   * @throws StartupException if {@code --ports} isn't such a list
   */
  Map<String, Integer> ports() {
    var all = new HashMap<String, Integer>();
    for (var part : VendorLists.entries(ports)) {
      var sign = part.indexOf('=');
      if (sign < 0) {
        throw StartupException.invalidFlag("--ports", "'" + part + "'", "such as influx=8086");
      }
      var vendor = lists("--ports").vendor(part, part.substring(0, sign));
      all.put(
          vendor.name(),
          StartupException.checkedNumber(
              "--ports " + vendor.name(), part.substring(sign + 1), 0, MAX_PORT));
    }
    return all;
  }

  /**
   * Returns the vendors that are served.
   *
   * @param spec the command that was parsed, for the values of the vendors' own options
   * @throws StartupException if one of the flags has a value that isn't allowed
   */
  List<ServedVendor<?>> vendors(CommandSpec spec) {
    var chosen = chosen();
    var fidelities = lists("--fidelity").fidelities(fidelity);
    var versions = lists("--emulate").versions(emulate);
    var all = new ArrayList<ServedVendor<?>>();
    for (var vendor : Vendors.all()) {
      // Also checks the options of vendors that aren't served: a wrong value is still an error.
      var served =
          served(
              vendor,
              fidelities.getOrDefault(vendor.name(), Fidelity.DOCUMENTED),
              given(vendor, spec, Optional.ofNullable(versions.get(vendor.name()))));
      if (chosen.contains(vendor.name())) {
        all.add(served);
      }
    }
    return all;
  }

  private static <S> ServedVendor<S> served(
      Vendor<S> vendor, Fidelity fidelity, OptionValues given) {
    try {
      return new ServedVendor<>(vendor, fidelity, vendor.settings(given));
    } catch (InvalidOptionException invalid) {
      throw new StartupException(StartupException.CONFIGURATION, invalid);
    }
  }

  private static OptionValues given(Vendor<?> vendor, CommandSpec spec, Optional<String> version) {
    var values = new HashMap<String, String>();
    var switches = new HashSet<String>();
    for (var option : vendor.options()) {
      Object value = spec.findOption("--" + option.name()).getValue();
      if (value instanceof String text) {
        values.put(option.name(), text);
      } else if (Boolean.TRUE.equals(value)) {
        switches.add(option.name());
      }
    }
    return new OptionValues(version, values, switches);
  }

  private List<String> chosen() {
    return dialects == null
        ? Vendors.all().stream().map(Vendor::name).toList()
        : lists("--dialects").dialects(VendorLists.entries(dialects));
  }

  private static VendorLists lists(String flag) {
    return new VendorLists(
        Vendors.all(), (entry, allowed) -> StartupException.invalidFlag(flag, entry, allowed));
  }
}
