/** Records calls, without the secrets in them. */
@NullMarked
package dev.doppel.gateway.journal;

import org.jspecify.annotations.NullMarked;
