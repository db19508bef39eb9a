/**
 * The Applivery Workspace API v1: registration and sign-in, accounts, organizations and their
 * collaborators, as documented in the groups "User Authentication", "Users", "Organization" and
 * "Organization Collaborators" of its reference (docs.applivery.com/en/api/workspace).
 *
 * <p>Not supported: mails and everything that needs them, two-factor authentication, single
 * sign-on, and the creation of organizations and of service accounts, whose tokens are accepted. A
 * HEAD request is an unknown route.
 */
@NullMarked
package dev.doppel.workspace;

import org.jspecify.annotations.NullMarked;
