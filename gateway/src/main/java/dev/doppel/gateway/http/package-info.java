/** Listeners, ports and certificates. Depends on no realm and no dialect. */
@NullMarked
package dev.doppel.gateway.http;

import org.jspecify.annotations.NullMarked;
