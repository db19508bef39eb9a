package dev.doppel.milvus;

import dev.doppel.dialect.Call;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;

/** A right that an operation asks for (2.6.19: internal/proxy/privilege_interceptor.go). */
enum MilvusPrivilege {
  CREATE_OWNERSHIP("PrivilegeCreateOwnership"),
  UPDATE_USER("PrivilegeUpdateUser");

  private static final String ROOT = "root";

  private final String word;

  MilvusPrivilege(String word) {
    this.word = word;
  }

  /**
   * Fails with FORBIDDEN unless the caller is {@code root} or an administrator. The database is
   * only named, never looked for.
   */
  void requireOf(Call call) {
    var user = call.caller().user();
    if (!user.name().equals(ROOT) && !user.administrator()) {
      throw Failure.of(
          Reason.FORBIDDEN,
          "%s: permission deny to %s in the `%s` database"
              .formatted(
                  word,
                  user.name(),
                  call.header("DB-Name").filter(name -> !name.isEmpty()).orElse("default")));
    }
  }
}
