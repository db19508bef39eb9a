package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.dialect.AddressBlock;
import dev.doppel.dialect.Proxies;
import dev.doppel.dialect.Proxies.Headers;
import dev.doppel.dialect.Suggestions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags for reverse proxies in front of Doppel. */
final class ProxyOptions {

  @Option(
      names = "--public-url",
      description =
          "URL at which clients find Doppel, for absolute links. Default: the address in each"
              + " request")
  private @Nullable String publicUrl;

  @Option(
      names = "--trusted-proxies",
      description =
          "Proxies whose headers about clients are trusted: addresses and blocks separated by"
              + " commas, such as 10.0.0.0/8,::1. Default: none")
  private @Nullable String trusted;

  @Option(
      names = "--trusted-headers",
      description =
          "Headers that these proxies set: forwarded or x-forwarded; the others are ignored."
              + " Default: x-forwarded")
  private String headers = "x-forwarded";

  /**
   * Returns the configured proxies.
   *
   * @throws StartupException if a value isn't allowed
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
          "http:// or https:// with a host, and optionally a port and a path");
    }
  }

  private static Headers kind(String word) {
    return switch (word) {
      case "forwarded" -> Headers.FORWARDED;
      case "x-forwarded" -> Headers.X_FORWARDED;
      default ->
          throw StartupException.invalidFlag(
              "--trusted-headers",
              "'" + word + "'",
              "forwarded or x-forwarded"
                  + Suggestions.didYouMean(word, List.of("forwarded", "x-forwarded")));
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
