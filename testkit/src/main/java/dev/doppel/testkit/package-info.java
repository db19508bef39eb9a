/** The contracts that every store and every dialect passes, and what their tests are made of. */
@NullMarked
package dev.doppel.testkit;

import org.jspecify.annotations.NullMarked;
