/** The command line: flags, commands and what they print. */
@NullMarked
package dev.doppel.cli;

import org.jspecify.annotations.NullMarked;
