/** Counts and times calls. */
@NullMarked
package dev.doppel.gateway.metrics;

import org.jspecify.annotations.NullMarked;
