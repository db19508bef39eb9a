/** Small applications that use a vendor's users. Their tests use Doppel in place of the vendor. */
@NullMarked
package dev.doppel.examples;

import org.jspecify.annotations.NullMarked;
