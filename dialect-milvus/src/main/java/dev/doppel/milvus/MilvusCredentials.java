package dev.doppel.milvus;

import dev.doppel.dialect.Call;
import dev.doppel.users.Password;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * Name and password out of the {@code Authorization} header, split at the first colon (2.6.19:
 * httpserver/utils.go). Neither is empty.
 */
record MilvusCredentials(String name, Password password) {

  private static final String BASIC = "basic ";

  /** As Basic, as {@code Bearer name:password}, or bare. */
  static Optional<MilvusCredentials> of(Call call) {
    return basic(call)
        .or(
            () ->
                call.header("Authorization")
                    .map(value -> value.startsWith("Bearer ") ? value.substring(7) : value)
                    .flatMap(MilvusCredentials::split))
        .filter(pair -> !pair.name.isEmpty() && !pair.password.clearText().isEmpty());
  }

  /** Of a well-formed Basic header; the scheme is of either case. */
  static Optional<MilvusCredentials> basic(Call call) {
    return call.header("Authorization")
        .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(BASIC))
        .flatMap(value -> decoded(value.substring(BASIC.length())))
        .flatMap(MilvusCredentials::split);
  }

  private static Optional<String> decoded(String base64) {
    try {
      return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static Optional<MilvusCredentials> split(String pair) {
    var colon = pair.indexOf(':');
    return colon < 0
        ? Optional.empty()
        : Optional.of(
            new MilvusCredentials(
                pair.substring(0, colon), new Password(pair.substring(colon + 1))));
  }
}
