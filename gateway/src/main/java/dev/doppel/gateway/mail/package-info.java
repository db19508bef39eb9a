/** The mails of a realm, for the control plane and the API of tests. Internal. */
@NullMarked
package dev.doppel.gateway.mail;

import org.jspecify.annotations.NullMarked;
