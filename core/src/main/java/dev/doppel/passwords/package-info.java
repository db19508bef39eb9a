/**
 * Verification of passwords against hashes from other products. {@link
 * dev.doppel.passwords.HashFamilies} is the entry point; there is one class for each family.
 */
@NullMarked
package dev.doppel.passwords;

import org.jspecify.annotations.NullMarked;
