/**
 * The process: command line, configuration, listeners, control plane. The one module that knows all
 * dialects.
 */
@NullMarked
package dev.doppel.gateway;

import org.jspecify.annotations.NullMarked;
