/** Builds a gateway from its configuration, and dispatches requests to dialects and realms. */
@NullMarked
package dev.doppel.gateway;

import org.jspecify.annotations.NullMarked;
