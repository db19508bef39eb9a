package dev.doppel.milvus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.milvus.MilvusWire.PasswordReq;
import dev.doppel.users.NewUser;
import dev.doppel.users.User;

/** What Milvus alone knows about a user: a description, which may be empty. */
record MilvusExtras(String description) {

  private static final ObjectMapper JSON = new ObjectMapper();

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
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a string is always JSON", e);
    }
  }
}
