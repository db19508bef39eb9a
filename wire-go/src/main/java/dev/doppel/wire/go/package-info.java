/**
 * The formats of the standard library of Go, error messages included: JSON, Base64, durations and
 * times, numbers, quoted texts, Basic authentication, cookies, and paths and queries of URLs.
 */
@NullMarked
package dev.doppel.wire.go;

import org.jspecify.annotations.NullMarked;
