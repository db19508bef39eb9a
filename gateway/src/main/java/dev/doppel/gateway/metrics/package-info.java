/** Counts and times calls, and shows the counts in the format of Prometheus. */
@NullMarked
package dev.doppel.gateway.metrics;

import org.jspecify.annotations.NullMarked;
