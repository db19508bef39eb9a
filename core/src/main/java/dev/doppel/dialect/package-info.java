/**
 * What a dialect is: a vendor's operations as a table, its way to say who asks, what it answers and
 * how it says no, and the one router that serves such a table over HTTP.
 *
 * <p>Nothing here knows a vendor.
 */
@NullMarked
package dev.doppel.dialect;

import org.jspecify.annotations.NullMarked;
