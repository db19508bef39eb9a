/**
 * Public API to run Doppel inside a process: start it ({@link dev.doppel.Doppel}), load seeds,
 * inject faults, move the clock, and check the recorded calls.
 */
@NullMarked
package dev.doppel;

import org.jspecify.annotations.NullMarked;
