package dev.doppel.gateway.realm;

import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Stores;
import dev.doppel.StartupException;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.users.Storage;
import java.util.List;
import java.util.Locale;

/**
 * An open store of a realm.
 *
 * @param config the realm's configuration, limited to this store: its dialects and its seed
 * @param node node number within generated IDs
 */
public record OpenStore(DoppelConfig config, Storage storage, int node) {

  /**
   * Returns the configurations of all stores of a realm: the realm's own if its dialects share a
   * store, otherwise one for each dialect.
   *
   * @throws StartupException if each dialect needs a store of its own and this kind of store can't
   *     be divided
   */
  public static List<DoppelConfig> configs(DoppelConfig config) {
    return config.stores() == Stores.SHARED
        ? List.of(config)
        : config.vendors().stream().map(vendor -> limited(config, vendor)).toList();
  }

  private static DoppelConfig limited(DoppelConfig config, ServedVendor<?> vendor) {
    var store =
        config
            .store()
            .ofDialect(vendor.name())
            .orElseThrow(
                () ->
                    StartupException.invalidFlag(
                        "--stores",
                        "'%s' with --store %s"
                            .formatted(
                                Stores.SEPARATE.name().toLowerCase(Locale.ROOT), config.store()),
                        "--store memory: or file:PATH, or --stores "
                            + Stores.SHARED.name().toLowerCase(Locale.ROOT)));
    var limited = config.toBuilder().store(store).vendors(List.of(vendor));
    config.seed().ifPresent(seed -> limited.seed(new SeedPart(vendor.vendor()).of(seed)));
    return limited.build();
  }
}
