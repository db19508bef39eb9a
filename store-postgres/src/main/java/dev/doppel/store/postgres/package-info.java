/** A storage in PostgreSQL 13 or newer, which several gateways may share. */
@NullMarked
package dev.doppel.store.postgres;

import org.jspecify.annotations.NullMarked;
