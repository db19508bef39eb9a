/**
 * Starts Doppel inside a process, drives it and looks at what it did. Everything here is public
 * API.
 */
@NullMarked
package dev.doppel;

import org.jspecify.annotations.NullMarked;
