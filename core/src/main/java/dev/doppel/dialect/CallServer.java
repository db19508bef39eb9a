package dev.doppel.dialect;

import io.vertx.core.Vertx;

/**
 * Serves the calls of any transport of one dialect: within limits, with the gateway's fault
 * injection, recording and metrics around each. Thread-safe.
 */
public interface CallServer {

  Vertx vertx();

  Limits limits();

  /** The proxies that report addresses of clients. */
  Proxies proxies();

  /** Performs a call and sends its response. */
  <R extends TransportCall.Response> void serve(TransportCall<R> call);

  /** Sends a response without performing the call. No fault is injected. */
  <R extends TransportCall.Response> void respond(TransportCall<R> call, R response);
}
