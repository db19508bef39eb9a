/** Reads JSON and YAML that people wrote, and reports each mistake in it. */
@NullMarked
package dev.doppel.gateway.input;

import org.jspecify.annotations.NullMarked;
