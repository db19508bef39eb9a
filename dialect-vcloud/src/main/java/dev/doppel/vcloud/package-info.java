/**
 * VMware Cloud Director CloudAPI 1.0.0: sessions, finding users, and changing one's own password,
 * as VCD 10.6.1 (API 35.0 to 39.1) answers them and as its OpenAPI pages document them.
 *
 * <p>Left out: making, changing and removing users, roles, organisations, API tokens, {@code
 * /api/versions}, and the older XML API.
 */
@NullMarked
package dev.doppel.vcloud;

import org.jspecify.annotations.NullMarked;
