/** Doppel in users' own JUnit 5 tests. */
@NullMarked
package dev.doppel.junit5;

import org.jspecify.annotations.NullMarked;
