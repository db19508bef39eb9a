/**
 * VMware Cloud Director CloudAPI 1.0.0: users, sessions, API tokens, and what is read of roles,
 * organisations and groups, as VCD 10.6.1 (API 35.0 to 39.1) answers them and as its OpenAPI pages
 * document them.
 *
 * <p>Left out: changing roles, organisations and groups, quotas, and the older XML API but for
 * versions, sessions and tasks.
 */
@NullMarked
package dev.doppel.vcloud;

import org.jspecify.annotations.NullMarked;
