/**
 * Small applications that use a vendor's users, each with a test that has Doppel for the vendor.
 */
@NullMarked
package dev.doppel.examples;

import org.jspecify.annotations.NullMarked;
