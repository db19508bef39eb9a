package dev.doppel.milvus;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorError;
import dev.doppel.users.Failure;
import java.util.Set;

/**
 * One of the server's errors: a code and a text, which REST sends in its envelope and gRPC in a
 * {@code Status}. Immutable.
 *
 * @param http status of the answer over REST
 * @param text may contain {@code %s} for the failure's subject
 * @param origin the component of the server that reports it
 */
record MilvusError(int http, int code, String text, Origin origin) implements VendorError {

  enum Origin {
    /** Checks requests. */
    PROXY,
    /** Manages users, roles and privileges. */
    COORDINATOR
  }

  static MilvusError proxy(int code, String text) {
    return new MilvusError(200, code, text, Origin.PROXY);
  }

  static MilvusError coordinator(int code, String text) {
    return new MilvusError(200, code, text, Origin.COORDINATOR);
  }

  /**
   * The codes below those of parameters that report what the caller named and what doesn't exist,
   * or isn't allowed: collection, resource group and database.
   */
  private static final Set<Integer> WRONG_NAMES = Set.of(100, 300, 800, 801, 802);

  /** Whether the caller's input caused it, which later versions report over gRPC. */
  boolean isInputError() {
    return WRONG_NAMES.contains(code)
        || (code >= MilvusErrors.INVALID_PARAMETER && code < MilvusErrors.UNEXPECTED);
  }

  /** Whether the server asks clients to retry: only if it can't serve the call at all. */
  boolean isRetriable() {
    return code == MilvusErrors.UNAVAILABLE;
  }

  String message(Failure failure) {
    return text.replace("%s", failure.subject().orElse(""));
  }

  @Override
  public Reply reply(Call call, Failure failure) {
    return Reply.of(http, new MilvusWire.ErrorBody(code, message(failure)));
  }
}
