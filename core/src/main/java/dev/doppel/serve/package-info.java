/**
 * Serves a {@link dev.doppel.dialect.Dialect} over HTTP: reads requests within limits, looks up
 * their operations, applies the gateway's {@link dev.doppel.serve.CallInterceptor interceptors} and
 * writes the responses. Calls of other transports pass through the same interceptors.
 *
 * <p>Knows no vendor.
 */
@NullMarked
package dev.doppel.serve;

import org.jspecify.annotations.NullMarked;
