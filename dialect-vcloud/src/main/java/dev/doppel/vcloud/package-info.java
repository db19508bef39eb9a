/**
 * The VMware Cloud Director CloudAPI 1.0.0: users, sessions and API tokens, and reading roles,
 * organizations and groups, as VCD 10.6.1 (API 35.0 to 39.1) responds and as its OpenAPI pages
 * document.
 *
 * <p>Not supported: changes to roles, organizations and groups; quotas; and the older XML API
 * except versions, sessions and tasks.
 */
@NullMarked
package dev.doppel.vcloud;

import org.jspecify.annotations.NullMarked;
