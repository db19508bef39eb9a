/** The control plane, {@code /_doppel/}. */
@NullMarked
package dev.doppel.gateway.control;

import org.jspecify.annotations.NullMarked;
