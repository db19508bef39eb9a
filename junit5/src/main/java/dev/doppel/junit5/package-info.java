/** JUnit 5 support: runs Doppel for tests. */
@NullMarked
package dev.doppel.junit5;

import org.jspecify.annotations.NullMarked;
