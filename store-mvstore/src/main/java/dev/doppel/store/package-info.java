/** Storages that keep what {@link dev.doppel.users} is about. */
@NullMarked
package dev.doppel.store;

import org.jspecify.annotations.NullMarked;
