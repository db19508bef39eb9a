/** One realm: its store, journal, faults, clock and dialects. Knows no port and no path. */
@NullMarked
package dev.doppel.gateway.realm;

import org.jspecify.annotations.NullMarked;
