package dev.doppel.milvus;

import dev.doppel.dialect.Extras;
import dev.doppel.milvus.MilvusWire.PasswordReq;
import dev.doppel.users.NewUser;
import dev.doppel.users.User;

/** What Milvus alone knows about a user: a description, which may be empty. */
record MilvusExtras(String description) {

  /** The new user with the description of the request, if it has one. */
  static NewUser describing(NewUser user, PasswordReq request) {
    return request.description() == null
        ? user
        : user.withExtras(MilvusDialect.NAME, new MilvusExtras(request.description()).json());
  }

  static User describing(User user, String description) {
    return user.withExtras(MilvusDialect.NAME, new MilvusExtras(description).json());
  }

  private String json() {
    return Extras.json(this);
  }
}
