/**
 * The Applivery Workspace API v1: registration and sign-in, accounts, organizations and their
 * collaborators, as documented in the groups "User Authentication", "Users", "Organization" and
 * "Organization Collaborators" of its reference (docs.applivery.com/en/api/workspace).
 *
 * <p>Mails are put into the realm's outbox. Not supported: single sign-on and whatever belongs to
 * applications, segments and subscriptions, of which there are none.
 */
@NullMarked
package dev.doppel.workspace;

import org.jspecify.annotations.NullMarked;
