package dev.doppel;

import dev.doppel.DoppelConfig.Stores;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Suggestions;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.input.VendorLists;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a realm has of its own; everything else is as in its gateway's configuration. A dialect that
 * the gateway doesn't serve has its vendor's defaults. Immutable; the methods return changed
 * copies.
 *
 * <pre>{@code
 * doppel.openRealm(
 *     RealmOptions.DEFAULT
 *         .withDialects(InfluxVendor.INSTANCE)
 *         .withVersion(InfluxVendor.INSTANCE, "2.7")
 *         .withSeed(Seed.parse("users: [{name: ann}]")));
 * }</pre>
 *
 * @param name 1 to 63 characters {@code a-z}, {@code 0-9} and {@code -}, the first and the last not
 *     {@code -}; generated if empty
 * @param seed loaded at start and after a reset
 * @param dialects names of the dialects that are served
 * @param fidelities by name of the dialect
 * @param versions of the vendors' products, by name of the dialect
 * @param stores whether all dialects share the store or each has its own
 */
public record RealmOptions(
    Optional<String> name,
    Optional<Seed> seed,
    Optional<List<String>> dialects,
    Map<String, Fidelity> fidelities,
    Map<String, String> versions,
    Optional<Stores> stores) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** Everything as in the gateway's configuration, with a generated name. */
  public static final RealmOptions DEFAULT =
      new RealmOptions(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Map.of(),
          Optional.empty());

  /**
   * @throws BadRequestException if the name isn't allowed or there is no dialect
   */
  public RealmOptions {
    name.ifPresent(
        given ->
            BadRequestException.check(
                NAME.matcher(given).matches(),
                "name: "
                    + Suggestions.notAllowed(
                        given, "a-z, 0-9 and - within, 63 characters at most")));
    dialects = dialects.map(List::copyOf);
    BadRequestException.check(
        dialects.isEmpty() || !dialects.get().isEmpty(), "dialects: at least one is needed");
    fidelities = Map.copyOf(fidelities);
    versions = Map.copyOf(versions);
  }

  /** Sets the name, which is part of the realm's addresses. */
  public RealmOptions withName(String realm) {
    return new RealmOptions(Optional.of(realm), seed, dialects, fidelities, versions, stores);
  }

  /** Sets the seed, which replaces the gateway's. */
  public RealmOptions withSeed(Seed rows) {
    return new RealmOptions(name, Optional.of(rows), dialects, fidelities, versions, stores);
  }

  /** Serves only the dialects of these vendors. */
  public RealmOptions withDialects(Vendor<?>... vendors) {
    return withDialects(Arrays.stream(vendors).map(Vendor::name).toList());
  }

  /** Serves only these dialects. */
  public RealmOptions withDialects(List<String> names) {
    return new RealmOptions(name, seed, Optional.of(names), fidelities, versions, stores);
  }

  /**
   * Serves the dialects of {@link Vendors#all} in a fidelity; replaces those of single dialects.
   */
  public RealmOptions withFidelity(Fidelity fidelity) {
    var all = new HashMap<String, Fidelity>();
    Vendors.all().forEach(vendor -> all.put(vendor.name(), fidelity));
    return withFidelities(all);
  }

  /** Serves a vendor's dialect in a fidelity. */
  public RealmOptions withFidelity(Vendor<?> vendor, Fidelity fidelity) {
    var all = new HashMap<>(fidelities);
    all.put(vendor.name(), fidelity);
    return withFidelities(all);
  }

  /**
   * Sets fidelities as the flag {@code --fidelity} does: {@code observed} for all, or {@code
   * influx=observed}.
   *
   * @throws BadRequestException if the list isn't allowed
   */
  public RealmOptions withFidelity(String list) {
    return withFidelities(lists("fidelity").fidelities(list));
  }

  /**
   * Sets versions as the flag {@code --emulate} does, such as {@code influx=2.7,milvus=2.5}.
   *
   * @throws BadRequestException if the list isn't allowed
   */
  public RealmOptions withVersions(String list) {
    return withVersions(lists("emulate").versions(list));
  }

  private static VendorLists lists(String member) {
    return new VendorLists(
        Vendors.all(),
        (entry, allowed) ->
            new BadRequestException(
                "%s: %s is not allowed; use %s".formatted(member, entry, allowed)));
  }

  /** Sets the fidelities of dialects, by name. */
  public RealmOptions withFidelities(Map<String, Fidelity> all) {
    return new RealmOptions(name, seed, dialects, all, versions, stores);
  }

  /** Emulates a version of a vendor's product, one of {@link Vendor#versions}. */
  public RealmOptions withVersion(Vendor<?> vendor, String version) {
    var all = new HashMap<>(versions);
    all.put(vendor.name(), version);
    return withVersions(all);
  }

  /** Sets the versions of vendors' products, by name of the dialect. */
  public RealmOptions withVersions(Map<String, String> all) {
    return new RealmOptions(name, seed, dialects, fidelities, all, stores);
  }

  /** Sets whether all dialects share a store or each has its own. */
  public RealmOptions withStores(Stores kind) {
    return new RealmOptions(name, seed, dialects, fidelities, versions, Optional.of(kind));
  }
}
