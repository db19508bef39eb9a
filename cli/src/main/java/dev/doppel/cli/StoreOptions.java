package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.store.MvStore;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStorage;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.users.Store;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say where users are kept. */
public final class StoreOptions {

  private static final String FILE = "file:";
  private static final String LASTING =
      "file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE";
  private static final String POSTGRES =
      "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with parameters such as"
          + " ?sslmode=verify-full&sslrootcert=FILE";

  @Option(
      names = "--store",
      description =
          "memory:, file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE. Default: memory:")
  private @Nullable String store;

  @Option(names = "--store-file", description = "File that holds what --store says otherwise.")
  private @Nullable String storeFile;

  @Option(
      names = "--store-connections",
      description =
          "How many connections a PostgreSQL store makes at most for changes, and as many again for"
              + " lists. Default: 6")
  private @Nullable String connections;

  /**
   * What the flags say.
   *
   * @throws StartupException if one of them says what isn't allowed
   */
  Store store() {
    return parse(store, storeFile, "memory:", connections, "memory:, " + LASTING);
  }

  /**
   * What {@code --store} or {@code --store-file} says that must name a store that lasts.
   *
   * @throws StartupException if it says anything else, or nothing
   */
  static Store parseLasting(@Nullable String store, @Nullable String file) {
    if (store == null && file == null) {
      throw new StartupException(StartupException.CONFIGURATION, "--store: needed; use " + LASTING);
    }
    var parsed = parse(store, file, "", null, LASTING);
    if (!parsed.isPersistent()) {
      throw StartupException.invalidFlag(
          "--store", "'memory:', whose users end with the process that holds them", LASTING);
    }
    return parsed;
  }

  private static Store parse(
      @Nullable String store,
      @Nullable String file,
      String standard,
      @Nullable String connections,
      String allowed) {
    var uri = SecretFile.read("--store", store, file).orElse(standard);
    if (file != null && !uri.matches("memory:|file:.+|postgres(ql)?://.*")) {
      throw StartupException.invalidFlag(
          "--store-file",
          "'" + file + "'",
          "a file that holds " + allowed + "; a store in a file is --store file:" + file);
    }
    return parse(uri, connections, allowed);
  }

  private static Store parse(String store, @Nullable String connections, String allowed) {
    if (store.matches("postgres(ql)?://.*")) {
      return new PgStore(address(store), connections(connections));
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
    throw StartupException.invalidFlag("--store", shown(store), allowed);
  }

  private static PgAddress address(String store) {
    try {
      return PgAddress.parse(store);
    } catch (PgAddress.UnsupportedParameterException e) {
      throw StartupException.invalidFlag(
          "--store", "%s '%s'".formatted(e.parameter(), e.value()), e.allowed());
    } catch (IllegalArgumentException e) {
      throw StartupException.invalidFlag("--store", shown(store), POSTGRES);
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

  /** Without what may be a secret: who signs in, and all parameters. */
  private static String shown(String store) {
    return "'" + store.replaceAll("://.*@", "://***@").replaceAll("\\?.*", "?...") + "'";
  }
}
