/**
 * Public API to run Doppel inside a process, or to use a running one: start it or connect to it
 * ({@link dev.doppel.Doppel}), load seeds, inject faults, move the clock, and check the recorded
 * calls.
 */
@NullMarked
package dev.doppel;

import org.jspecify.annotations.NullMarked;
