package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.users.Store;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of commands that work on a store that is there already. */
final class ExistingStoreOptions {

  @Option(names = "--config", description = "YAML file with a 'flag: value' a line.")
  @SuppressWarnings("UnusedVariable") // Defaults reads it, before the others are looked at
  private @Nullable String config;

  @Option(
      names = "--store",
      description = "file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE; must exist.")
  private @Nullable String store;

  @Option(names = "--store-file", description = "File that holds what --store says otherwise.")
  private @Nullable String storeFile;

  /**
   * What the flags say.
   *
   * @throws StartupException if it is no store that lasts
   */
  Store store() {
    return StoreOptions.parseLasting(store, storeFile);
  }
}
