/**
 * What a dialect is: a vendor's operations as a table, its authentication, its responses and its
 * errors. The package {@code dev.doppel.serve} serves such a table; nothing here depends on it.
 *
 * <p>Nothing here knows a vendor.
 */
@NullMarked
package dev.doppel.dialect;

import org.jspecify.annotations.NullMarked;
