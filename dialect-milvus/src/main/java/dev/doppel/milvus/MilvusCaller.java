package dev.doppel.milvus;

import dev.doppel.dialect.Deviations;
import dev.doppel.users.Authority;
import dev.doppel.users.Role;
import dev.doppel.users.User;
import java.util.Optional;

/**
 * The user who calls, and the database that the call is about.
 *
 * @param user empty with authorization off
 * @param name the user's, or with authorization off the name that the credentials of a gRPC call
 *     state; grants record it
 * @param authority what the caller may do to users in every dialect
 * @param deviations of the call
 */
record MilvusCaller(
    Optional<User> user,
    Optional<String> name,
    Authority authority,
    String database,
    Deviations deviations) {

  static final String DEFAULT_DATABASE = "default";

  /** An authenticated caller. */
  static MilvusCaller of(User user, Authority authority, String database, Deviations deviations) {
    return new MilvusCaller(
        Optional.of(user), Optional.of(user.name()), authority, database, deviations);
  }

  /**
   * The caller with authorization off.
   *
   * @param name that the caller states, unchecked
   */
  static MilvusCaller anonymous(Optional<String> name, String database, Deviations deviations) {
    return new MilvusCaller(Optional.empty(), name, Authority.NONE, database, deviations);
  }

  boolean is(String userName) {
    return user.isPresent() && user.get().name().equals(userName);
  }

  /** Whether the caller was granted a role, or every user has it. */
  boolean holds(String role) {
    return user.isPresent() && (role.equals(Role.PUBLIC) || user.get().roles().contains(role));
  }
}
