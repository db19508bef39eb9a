/**
 * Milvus RESTful API v2: creating users and changing their passwords, as version 2.6.19 answers
 * them with authorization on, and as the pages "Create User" and "Update User Password" document
 * them.
 *
 * <p>Left out: the other operations on users, roles and privileges, gRPC, and all data.
 */
@NullMarked
package dev.doppel.milvus;

import org.jspecify.annotations.NullMarked;
