package dev.doppel.gateway;

import dev.doppel.milvus.MilvusDialect;
import dev.doppel.milvus.MilvusDialect.Version;
import picocli.CommandLine.Option;

/** The settings of Milvus's own server that change what a client sees. */
final class MilvusOptions {

  @Option(
      names = "--milvus-auth",
      description =
          "on, or off to let everybody do everything in Milvus, unasked; beyond loopback with"
              + " --milvus-auth-off-anywhere only. Default: on")
  private String auth = "on";

  @Option(
      names = "--milvus-auth-off-anywhere",
      description = "Allows --milvus-auth off together with a --host that is not loopback.")
  private boolean offAnywhere;

  /**
   * Whether authorization may be off beyond loopback.
   *
   * @throws StartupException if authorization is on
   */
  boolean offAnywhere() {
    if (offAnywhere && authorization()) {
      throw new StartupException(
          StartupException.CONFIGURATION,
          "--milvus-auth-off-anywhere: only with --milvus-auth off");
    }
    return offAnywhere;
  }

  MilvusDialect.Settings settings(Version version) {
    return new MilvusDialect.Settings(version, authorization());
  }

  private boolean authorization() {
    return switch (auth) {
      case "on" -> true;
      case "off" -> false;
      default -> throw StartupException.invalidFlag("--milvus-auth", "'" + auth + "'", "on or off");
    };
  }
}
