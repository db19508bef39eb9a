/** Reads and writes JSON and base64 as the standard library of Go does, error messages included. */
@NullMarked
package dev.doppel.wire.go;

import org.jspecify.annotations.NullMarked;
