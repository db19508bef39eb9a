/**
 * Milvus's users, roles, privileges and privilege groups, as versions 2.6.19 and 2.5.27 answer over
 * REST v2 and gRPC, and as the pages of its REST reference document them.
 *
 * <pre>
 *   REST  MilvusDialect → MilvusRest    ┐
 *                                       ├ MilvusOperations → MilvusAccess, MilvusAccounts,
 *   gRPC  MilvusGrpc    → MilvusService ┘                    MilvusRoles, MilvusGroups
 * </pre>
 *
 * <p>Left out: all data, and databases other than the default one.
 */
@NullMarked
package dev.doppel.milvus;

import org.jspecify.annotations.NullMarked;
