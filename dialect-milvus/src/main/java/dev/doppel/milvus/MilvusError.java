package dev.doppel.milvus;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorError;
import dev.doppel.users.Failure;

/**
 * One of the server's errors: a code and a text, which REST sends in its envelope and gRPC in a
 * {@code Status}.
 *
 * @param http status of the answer over REST
 * @param text may hold {@code %s} for the failure's subject
 * @param origin which part of the server finds it
 */
record MilvusError(int http, int code, String text, Origin origin) implements VendorError {

  enum Origin {
    /** Checks what a request says. */
    PROXY,
    /** Knows users, roles and privileges. */
    COORDINATOR
  }

  static MilvusError proxy(int code, String text) {
    return new MilvusError(200, code, text, Origin.PROXY);
  }

  static MilvusError coordinator(int code, String text) {
    return new MilvusError(200, code, text, Origin.COORDINATOR);
  }

  /** Whether the caller could have known better, which later versions say over gRPC. */
  boolean isCallers() {
    return code >= MilvusErrors.INVALID_PARAMETER && code < MilvusErrors.UNEXPECTED;
  }

  String message(Failure failure) {
    return text.replace("%s", failure.subject().orElse(""));
  }

  @Override
  public Reply reply(Call call, Failure failure) {
    return Reply.of(http, new MilvusWire.ErrorBody(code, message(failure)));
  }
}
