/**
 * Contracts that every store and every dialect passes, and the servers, clients and clocks of
 * tests.
 */
@NullMarked
package dev.doppel.testkit;

import org.jspecify.annotations.NullMarked;
