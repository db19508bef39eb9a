/** The command line: commands, flags and their output. */
@NullMarked
package dev.doppel.cli;

import org.jspecify.annotations.NullMarked;
