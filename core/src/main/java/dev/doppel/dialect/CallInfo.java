package dev.doppel.dialect;

import io.vertx.core.Future;
import java.util.Optional;

/** What is known of a call of any transport before it is performed. */
public interface CallInfo {

  /** {@link Dialect#name} of the dialect that is called. */
  String dialectName();

  /** {@link Dialect#fidelity} of the dialect that is called. */
  Fidelity fidelity();

  /** The vendor's name of the operation; empty if there is no such operation. */
  Optional<String> operationName();

  /** The path as sent, still percent-encoded, without the query. */
  String path();

  /**
   * The name of the user who calls; empty without credentials and with invalid ones. Never fails.
   */
  Future<Optional<String>> callerName();

  /** The name of the user whom the call is about, if the request names one. Never fails. */
  Future<Optional<String>> subjectName();
}
