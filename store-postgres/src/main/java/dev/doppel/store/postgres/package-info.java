/**
 * Keeps everything in PostgreSQL 13 or newer, which several gateways may share. The Vert.x client
 * alone is used once the schema has been brought up to date.
 */
@NullMarked
package dev.doppel.store.postgres;

import org.jspecify.annotations.NullMarked;
