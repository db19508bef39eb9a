package dev.doppel.gateway.input;

import dev.doppel.StartupException;
import dev.doppel.Vendors;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Vendor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Parsers of {@code --fidelity} and {@code --emulate}. */
public final class VendorFlags {

  private VendorFlags() {}

  /** Returns the parts of a list, which are separated by commas. */
  public static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /**
   * Returns the version for each vendor in a list such as {@code influx=2.7}; the last one wins.
   *
   * @throws StartupException if the list isn't allowed
   */
  public static Map<String, String> versions(String text) {
    var allowed = new ArrayList<String>();
    for (var vendor : Vendors.all()) {
      if (vendor.versions().size() > 1) {
        var oldestFirst = new ArrayList<>(vendor.versions());
        Collections.reverse(oldestFirst);
        oldestFirst.forEach(version -> allowed.add(vendor.name() + "=" + version));
      }
    }
    var all = new HashMap<String, String>();
    for (var part : list(text)) {
      if (!allowed.contains(part)) {
        throw StartupException.invalidFlag(
            "--emulate",
            "'" + part + "'",
            String.join(", ", allowed).replaceFirst(", ([^,]*)$", " or $1")
                + Suggestions.didYouMean(part, allowed));
      }
      var sign = part.indexOf('=');
      all.put(part.substring(0, sign), part.substring(sign + 1));
    }
    return all;
  }

  /**
   * Returns the fidelity for each vendor in a list such as {@code observed} or {@code
   * influx=observed}; the last one wins.
   *
   * @throws StartupException if the list isn't allowed
   */
  public static Map<String, Fidelity> fidelities(String text) {
    var all = new HashMap<String, Fidelity>();
    for (var part : list(text)) {
      var sign = part.indexOf('=');
      var mode = mode(part, part.substring(sign + 1));
      if (sign < 0) {
        Vendors.all().forEach(vendor -> all.put(vendor.name(), mode));
      } else {
        var name = part.substring(0, sign).toLowerCase(Locale.ROOT);
        var vendor = Vendors.find(Vendors.all(), name).orElseThrow(() -> wrongFidelity(part));
        all.put(vendor.name(), mode);
      }
    }
    return all;
  }

  private static Fidelity mode(String part, String word) {
    return Arrays.stream(Fidelity.values())
        .filter(mode -> mode.name().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(() -> wrongFidelity(part));
  }

  private static StartupException wrongFidelity(String part) {
    var allowed = new ArrayList<String>();
    for (var fidelity : Fidelity.values()) {
      var mode = fidelity.name().toLowerCase(Locale.ROOT);
      allowed.add(mode);
      Vendors.all().stream().map(Vendor::name).forEach(name -> allowed.add(name + "=" + mode));
    }
    return StartupException.invalidFlag(
        "--fidelity",
        "'" + part + "'",
        "documented or observed, for all or as influx=observed"
            + Suggestions.didYouMean(part, allowed));
  }
}
