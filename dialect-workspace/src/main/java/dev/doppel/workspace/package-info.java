/**
 * Applivery Workspace API v1: signing in, the caller's own account, and accounts by id, as the
 * groups "User Authentication" and "Users" of its API reference document them
 * (docs.applivery.com/en/api/workspace).
 *
 * <p>Left out: changing and deleting accounts, registration, forgotten passwords, two-factor and
 * single sign-on, organizations, collaborators and service accounts. A HEAD request is an unknown
 * route.
 */
@NullMarked
package dev.doppel.workspace;

import org.jspecify.annotations.NullMarked;
