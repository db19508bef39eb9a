/** Ports and certificates. Knows no realm and no dialect. */
@NullMarked
package dev.doppel.gateway.http;

import org.jspecify.annotations.NullMarked;
