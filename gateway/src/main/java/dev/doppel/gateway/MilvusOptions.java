package dev.doppel.gateway;

import dev.doppel.milvus.MilvusDialect;
import dev.doppel.milvus.MilvusDialect.Version;
import picocli.CommandLine.Option;

/** The settings of Milvus's own server that change what a client sees. */
final class MilvusOptions {

  @Option(
      names = "--milvus-auth",
      description = "on, or off to let everybody do everything, unasked. Default: on")
  private String auth = "on";

  MilvusDialect.Settings settings(Version version) {
    return new MilvusDialect.Settings(version, authorization());
  }

  private boolean authorization() {
    return switch (auth) {
      case "on" -> true;
      case "off" -> false;
      default -> throw Refused.flag("--milvus-auth", "'" + auth + "'", "on or off");
    };
  }
}
