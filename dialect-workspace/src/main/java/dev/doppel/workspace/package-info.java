/**
 * Applivery Workspace API v1: registering and signing in, accounts, organizations and their
 * collaborators, as the groups "User Authentication", "Users", "Organization" and "Organization
 * Collaborators" of its API reference document them (docs.applivery.com/en/api/workspace).
 *
 * <p>Left out: mails and what they are for, two-factor and single sign-on, making organizations,
 * and making service accounts, whose tokens are taken. A HEAD request is an unknown route.
 */
@NullMarked
package dev.doppel.workspace;

import org.jspecify.annotations.NullMarked;
