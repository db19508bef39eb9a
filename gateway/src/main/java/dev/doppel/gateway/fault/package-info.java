/** Injects planned faults into calls. */
@NullMarked
package dev.doppel.gateway.fault;

import org.jspecify.annotations.NullMarked;
