package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.dialect.AddressBlock;
import dev.doppel.dialect.Proxies;
import dev.doppel.dialect.Proxies.Headers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that say which proxies are in front. */
final class ProxyOptions {

  @Option(
      names = "--public-url",
      description =
          "Where clients find Doppel, for absolute links. Default: as each request says it")
  private @Nullable String publicUrl;

  @Option(
      names = "--trusted-proxies",
      description =
          "Addresses of proxies, separated by commas, as 10.0.0.0/8,::1, whose headers about"
              + " clients are believed. Default: none")
  private @Nullable String trusted;

  @Option(
      names = "--trusted-headers",
      description =
          "The kind of headers that they write, forwarded or x-forwarded; the other kind is"
              + " ignored. Default: x-forwarded")
  private String headers = "x-forwarded";

  /**
   * What the flags say.
   *
   * @throws StartupException if one of them says what isn't allowed
   */
  Proxies proxies() {
    var proxies = Proxies.NONE.writing(kind(headers));
    if (trusted != null) {
      for (var block : trusted.split(",", -1)) {
        proxies = proxies.trusting(block(block.strip()));
      }
    }
    return publicUrl == null ? proxies : at(proxies, publicUrl);
  }

  private static Proxies at(Proxies proxies, String url) {
    try {
      return proxies.withPublicUrl(url);
    } catch (IllegalArgumentException wrong) {
      throw StartupException.invalidFlag(
          "--public-url",
          "'" + StartupException.withoutUserInfo(url) + "'",
          "http:// or https:// with a host, and perhaps a port and a path");
    }
  }

  private static Headers kind(String word) {
    return switch (word) {
      case "forwarded" -> Headers.FORWARDED;
      case "x-forwarded" -> Headers.X_FORWARDED;
      default ->
          throw StartupException.invalidFlag(
              "--trusted-headers", "'" + word + "'", "forwarded or x-forwarded");
    };
  }

  private static AddressBlock block(String text) {
    try {
      return AddressBlock.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw StartupException.invalidFlag(
          "--trusted-proxies", "'" + text + "'", "IP addresses and blocks such as 10.0.0.0/8");
    }
  }
}
