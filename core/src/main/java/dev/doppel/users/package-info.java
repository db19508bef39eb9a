/**
 * Users and related types, independent of any vendor: ids, passwords, tokens, roles, organizations,
 * failures, and the interfaces of the stores.
 *
 * <p>This package has no dependency on a vendor, HTTP, or a database.
 */
@NullMarked
package dev.doppel.users;

import org.jspecify.annotations.NullMarked;
