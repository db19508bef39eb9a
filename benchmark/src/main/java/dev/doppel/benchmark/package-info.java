/** Benchmarks. Run with {@code benchmark/run}. */
@NullMarked
package dev.doppel.benchmark;

import org.jspecify.annotations.NullMarked;
