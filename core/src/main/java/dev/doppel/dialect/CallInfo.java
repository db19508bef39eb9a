package dev.doppel.dialect;

import io.vertx.core.Future;
import java.util.Optional;

/**
 * A call, whichever way it came, as far as {@link CallInterceptor} want to know it before it is
 * answered.
 */
public interface CallInfo {

  Dialect dialect();

  /** The vendor's name of what is asked for; empty if there is no such operation. */
  Optional<String> operationName();

  /** The path as sent, still percent-encoded, without the query. */
  String path();

  /** Who asks; empty for nobody, and for credentials that are no good. Never fails. */
  Future<Optional<String>> callerName();

  /** The user that the call is about, as far as the request names one. Never fails. */
  Future<Optional<String>> subjectName();
}
