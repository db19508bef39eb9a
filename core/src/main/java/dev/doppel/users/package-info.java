/**
 * Users, and what surrounds them, in nobody's dialect: identities, passwords, tokens, roles,
 * organisations, failures, and the small interfaces of a store that keeps them.
 *
 * <p>Nothing here knows a vendor, HTTP, or how anything is stored.
 */
@NullMarked
package dev.doppel.users;

import org.jspecify.annotations.NullMarked;
