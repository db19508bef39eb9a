package dev.doppel.gateway.input;

import dev.doppel.Vendors;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Suggestions;
import dev.doppel.dialect.Vendor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Parses lists about vendors, such as {@code influx=observed,milvus=documented}, in which a later
 * entry replaces an earlier one. Immutable.
 *
 * @param vendors the known vendors
 * @param refusal creates the exceptions
 */
public record VendorLists(List<Vendor<?>> vendors, Refusal refusal) {

  /** Creates an exception about an entry that isn't allowed. */
  @FunctionalInterface
  public interface Refusal {

    /**
     * Returns the exception.
     *
     * @param entry in quotes
     * @param allowed describes what is allowed, with a suggestion if there is one
     */
    RuntimeException of(String entry, String allowed);
  }

  public VendorLists {
    vendors = List.copyOf(vendors);
  }

  /** Returns the entries of a list that is separated by commas. */
  public static List<String> entries(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  private List<String> names() {
    return vendors.stream().map(Vendor::name).toList();
  }

  private Optional<Vendor<?>> find(String name) {
    return Vendors.find(vendors, name.toLowerCase(Locale.ROOT));
  }

  /**
   * Returns the vendor with a name, in upper or lower case.
   *
   * @param entry the part of the list that has the name
   */
  public Vendor<?> vendor(String entry, String name) {
    return find(name)
        .orElseThrow(
            () ->
                refusal.of(
                    Suggestions.quote(entry),
                    String.join(", ", names()) + Suggestions.didYouMean(name, names())));
  }

  /** Returns the names of dialects. */
  public List<String> dialects(List<String> entries) {
    if (entries.isEmpty()) {
      throw refusal.of("''", String.join(", ", names()));
    }
    return entries.stream().map(name -> vendor(name, name).name()).toList();
  }

  /** Returns the fidelities of a list such as {@code observed} or {@code influx=observed}. */
  public Map<String, Fidelity> fidelities(String text) {
    var all = new HashMap<String, Fidelity>();
    for (var part : entries(text)) {
      var sign = part.indexOf('=');
      var mode = mode(part, part.substring(sign + 1));
      if (sign < 0) {
        names().forEach(name -> all.put(name, mode));
      } else {
        var vendor = find(part.substring(0, sign)).orElseThrow(() -> wrongFidelity(part));
        all.put(vendor.name(), mode);
      }
    }
    return all;
  }

  private Fidelity mode(String part, String word) {
    return Arrays.stream(Fidelity.values())
        .filter(mode -> mode.name().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(() -> wrongFidelity(part));
  }

  private RuntimeException wrongFidelity(String part) {
    var allowed = new ArrayList<String>();
    for (var fidelity : Fidelity.values()) {
      var mode = fidelity.name().toLowerCase(Locale.ROOT);
      allowed.add(mode);
      names().forEach(name -> allowed.add(name + "=" + mode));
    }
    return refusal.of(
        Suggestions.quote(part),
        "documented or observed, for all or as influx=observed"
            + Suggestions.didYouMean(part, allowed));
  }

  /** Returns the versions of a list such as {@code influx=2.7}, by dialect. */
  public Map<String, String> versions(String text) {
    var allowed = new ArrayList<String>();
    for (var vendor : vendors) {
      if (vendor.versions().size() > 1) {
        var oldestFirst = new ArrayList<>(vendor.versions());
        Collections.reverse(oldestFirst);
        oldestFirst.forEach(version -> allowed.add(vendor.name() + "=" + version));
      }
    }
    var all = new HashMap<String, String>();
    for (var part : entries(text)) {
      if (!allowed.contains(part)) {
        throw refusal.of(
            Suggestions.quote(part),
            Suggestions.either(allowed) + Suggestions.didYouMean(part, allowed));
      }
      var sign = part.indexOf('=');
      all.put(part.substring(0, sign), part.substring(sign + 1));
    }
    return all;
  }
}
