package dev.doppel.testkit;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.OptionValues;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Vendor;
import dev.doppel.users.Realm;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;

/**
 * The settings with which a dialogue's server was started, as a line at its top says: {@code #
 * started: version=2.7 strong-passwords session-length=10}. Each word is an option of the vendor,
 * without the vendor's name in front, or the version.
 */
final class StartSettings {

  private static final String VERSION = "version";

  private StartSettings() {}

  /** Creates the dialect that a dialogue is for. */
  static <S> Dialect dialect(
      Vendor<S> vendor, Realm realm, Fidelity fidelity, Exchange.Dialogue dialogue) {
    var settings = vendor.settings(parse(vendor.name(), dialogue.setting("started").orElse("")));
    return new ServedVendor<>(vendor, fidelity, settings).dialect(realm);
  }

  private static OptionValues parse(String vendor, String line) {
    var version = Optional.<String>empty();
    var values = new HashMap<String, String>();
    var switches = new HashSet<String>();
    for (var word : line.strip().split(" +", -1)) {
      var sign = word.indexOf('=');
      if (sign < 0 && !word.isEmpty()) {
        switches.add(vendor + "-" + word);
      } else if (word.startsWith(VERSION + "=")) {
        version = Optional.of(word.substring(sign + 1));
      } else if (sign > 0) {
        values.put(vendor + "-" + word.substring(0, sign), word.substring(sign + 1));
      }
    }
    return new OptionValues(version, values, switches);
  }
}
