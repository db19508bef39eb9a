/** Parses JSON and YAML that users wrote, and reports their mistakes. */
@NullMarked
package dev.doppel.gateway.input;

import org.jspecify.annotations.NullMarked;
