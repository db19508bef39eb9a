package dev.doppel.cli;

import dev.doppel.DoppelConfig.Stores;
import dev.doppel.StartupException;
import dev.doppel.dialect.Suggestions;
import dev.doppel.store.MvStore;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStorage;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.users.Store;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags for the store. */
public final class StoreOptions {

  private static final String FILE = "file:";
  private static final String PERSISTENT =
      "file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE";
  private static final String POSTGRES =
      "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with parameters such as"
          + " ?sslmode=verify-full&sslrootcert=FILE";

  @Option(
      names = "--store",
      description =
          "Where users are stored: memory:, file:PATH or"
              + " postgresql://USER:PASSWORD@HOST:PORT/DATABASE. Default: memory:")
  private @Nullable String store;

  @Option(names = "--store-file", description = "File with the value of --store.")
  private @Nullable String storeFile;

  @Option(
      names = "--store-connections",
      description =
          "Maximum number of connections of a PostgreSQL store for changes, and as many again for"
              + " lists; 2 to 999. Default: 6")
  private @Nullable String connections;

  @Option(
      names = "--stores",
      description =
          "Whether all dialects share the store, or each has its own, as separate products"
              + " do: shared or separate. Default: shared")
  private String stores = "shared";

  /**
   * Returns whether the dialects share the store.
   *
   * @throws StartupException if the value isn't allowed
   */
  Stores stores() {
    return Arrays.stream(Stores.values())
        .filter(one -> one.name().equalsIgnoreCase(stores))
        .findFirst()
        .orElseThrow(
            () ->
                StartupException.invalidFlag(
                    "--stores",
                    Suggestions.quote(stores),
                    "shared or separate"
                        + Suggestions.didYouMean(stores, List.of("shared", "separate"))));
  }

  /**
   * Returns the store that the flags name.
   *
   * @throws StartupException if a value isn't allowed
   */
  Store store() {
    return parse("--store", store, storeFile, "memory:", connections, "memory:, " + PERSISTENT);
  }

  /**
   * Parses the values of {@code --store} and {@code --store-file} where only a persistent store is
   * allowed.
   *
   * @throws StartupException if neither or both are given, or the store isn't persistent
   */
  static Store parsePersistent(@Nullable String store, @Nullable String file) {
    return parsePersistent("--store", store, file);
  }

  /**
   * Parses the values of a flag and of its variant for files, as {@link #parsePersistent(String,
   * String)} does.
   *
   * @param flag such as {@code --into}
   */
  static Store parsePersistent(String flag, @Nullable String store, @Nullable String file) {
    if (store == null && file == null) {
      throw new StartupException(
          StartupException.CONFIGURATION, flag + ": required; use " + PERSISTENT);
    }
    var parsed = parse(flag, store, file, "", null, PERSISTENT);
    if (!parsed.isPersistent()) {
      throw StartupException.invalidFlag(flag, "'memory:', which isn't persistent", PERSISTENT);
    }
    return parsed;
  }

  private static Store parse(
      String flag,
      @Nullable String store,
      @Nullable String file,
      String standard,
      @Nullable String connections,
      String allowed) {
    var uri = SecretFile.read(flag, store, file).orElse(standard);
    if (file != null && !uri.matches("memory:|file:.+|postgres(ql)?://.*")) {
      throw StartupException.invalidFlag(
          flag + "-file",
          "'" + file + "'",
          "a file that contains "
              + allowed
              + "; for a store in this file, "
              + flag
              + " file:"
              + file);
    }
    return parse(flag, uri, connections, allowed);
  }

  private static Store parse(
      String flag, String store, @Nullable String connections, String allowed) {
    if (store.matches("postgres(ql)?://.*")) {
      return new PgStore(address(flag, store), connections(connections));
    }
    if (connections != null) {
      throw new StartupException(
          StartupException.CONFIGURATION,
          "--store-connections: only with --store postgresql://...");
    }
    if (store.equals("memory:")) {
      return MvStore.memory();
    }
    if (store.startsWith(FILE) && store.length() > FILE.length()) {
      return MvStore.file(Path.of(store.substring(FILE.length())));
    }
    throw StartupException.invalidFlag(
        flag, quote(store), allowed + Suggestions.didYouMean(store, List.of("memory:")));
  }

  private static PgAddress address(String flag, String store) {
    try {
      return PgAddress.parse(store);
    } catch (PgAddress.UnsupportedParameterException e) {
      throw StartupException.invalidFlag(
          flag, "%s '%s'".formatted(e.parameter(), e.value()), e.allowed());
    } catch (IllegalArgumentException e) {
      throw StartupException.invalidFlag(flag, quote(store), POSTGRES);
    }
  }

  private static int connections(@Nullable String connections) {
    if (connections == null) {
      return PgStorage.DEFAULT_CONNECTIONS;
    }
    if (!connections.matches("[2-9]|[1-9][0-9]{1,2}")) {
      throw StartupException.invalidFlag(
          "--store-connections", "'" + connections + "'", "2 to 999");
    }
    return Integer.parseInt(connections);
  }

  /** Quotes a store without its user information and parameters, which may be secrets. */
  private static String quote(String store) {
    return "'" + store.replaceAll("://.*@", "://***@").replaceAll("\\?.*", "?...") + "'";
  }
}
