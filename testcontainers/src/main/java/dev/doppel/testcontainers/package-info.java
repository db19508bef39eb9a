/** Testcontainers support: runs Doppel in a container for tests. */
@NullMarked
package dev.doppel.testcontainers;

import org.jspecify.annotations.NullMarked;
