/** A storage in memory or in a file, with the MVStore of H2. */
@NullMarked
package dev.doppel.store;

import org.jspecify.annotations.NullMarked;
