package dev.doppel.dialect;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/**
 * A port of the vendor's product beside its API, such as one for health checks. It is opened
 * together with the vendor's own port.
 */
public record ExtraListener(int port, Handler<HttpServerRequest> handler) {}
