/**
 * Verifies passwords against hashes that other products made. {@link
 * dev.doppel.passwords.HashFamilies} is the entry point; each family of hashes is one class.
 */
@NullMarked
package dev.doppel.passwords;

import org.jspecify.annotations.NullMarked;
