package dev.doppel.milvus;

import dev.doppel.dialect.BasicCredentials;
import dev.doppel.dialect.Call;
import dev.doppel.wire.go.GoBasicAuth;
import dev.doppel.wire.go.GoHeaders;
import java.util.Optional;

/** Reads name and password from the {@code Authorization} header (2.6.19: httpserver/utils.go). */
final class MilvusCredentials {

  private static final String BEARER = "Bearer ";

  private MilvusCredentials() {}

  /**
   * Returns the credentials of a header as Basic, as {@code Bearer name:password} in UTF-8, or
   * bare; empty if name or password is.
   */
  static Optional<BasicCredentials> of(Call call) {
    return GoBasicAuth.of(call)
        .or(
            () ->
                call.header("Authorization")
                    .map(GoHeaders::text)
                    .map(
                        value ->
                            value.startsWith(BEARER) ? value.substring(BEARER.length()) : value)
                    .flatMap(BasicCredentials::split))
        .filter(pair -> !pair.name().isEmpty() && !pair.password().clearText().isEmpty());
  }
}
