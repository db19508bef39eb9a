package dev.doppel.milvus;

import dev.doppel.dialect.Extras;
import dev.doppel.users.NewUser;
import dev.doppel.users.User;
import org.jspecify.annotations.Nullable;

/** What Milvus alone knows about a user: a description, which may be empty. */
record MilvusExtras(String description) {

  /** The description of a user; empty if it has none. */
  static String description(User user) {
    return user.extras(MilvusDialect.NAME)
        .map(json -> Extras.read(json, MilvusExtras.class).description())
        .orElse("");
  }

  /** The new user with a description, if it is to have one. */
  static NewUser describing(NewUser user, @Nullable String description) {
    return description == null
        ? user
        : user.withExtras(MilvusDialect.NAME, Extras.json(new MilvusExtras(description)));
  }

  static User describing(User user, String description) {
    return user.withExtras(MilvusDialect.NAME, Extras.json(new MilvusExtras(description)));
  }
}
