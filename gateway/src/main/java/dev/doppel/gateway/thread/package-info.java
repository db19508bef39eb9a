/** Keeps work that takes long off the event loops. */
@NullMarked
package dev.doppel.gateway.thread;

import org.jspecify.annotations.NullMarked;
