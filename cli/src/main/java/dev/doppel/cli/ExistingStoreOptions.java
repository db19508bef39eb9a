package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.users.Store;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags of commands that work on an existing store. */
final class ExistingStoreOptions {

  @Option(names = "--config", description = "YAML file with one 'flag: value' per line.")
  @SuppressWarnings("UnusedVariable") // Defaults reads it before the command line is parsed
  private @Nullable String config;

  @Option(
      names = "--store",
      description =
          "An existing store: file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE.")
  private @Nullable String store;

  @Option(names = "--store-file", description = "File with the value of --store.")
  private @Nullable String storeFile;

  /** Returns whether one of the flags has a value. */
  boolean isSet() {
    return store != null || storeFile != null;
  }

  /**
   * Returns the store that the flags name.
   *
   * @throws StartupException if no store or no persistent store is named
   */
  Store store() {
    return StoreOptions.parsePersistent(store, storeFile);
  }
}
