/**
 * Moves users between products and stores. A {@link dev.doppel.migration.Source} yields rows; an
 * {@link dev.doppel.migration.ImportRun} writes them to a store and gives each a verdict; {@link
 * dev.doppel.migration.EstateExport} writes a store to a file. Everything here blocks: call it on a
 * worker, never on an event loop.
 */
@NullMarked
package dev.doppel.migration;

import org.jspecify.annotations.NullMarked;
