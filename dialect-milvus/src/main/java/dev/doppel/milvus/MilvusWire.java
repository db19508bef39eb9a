package dev.doppel.milvus;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.GoJson;
import dev.doppel.dialect.GoType;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Password;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What travels, in Milvus's words and order. */
final class MilvusWire {

  static final ObjectMapper JSON = GoJson.compact();

  private MilvusWire() {}

  @GoType("httpserver.PasswordReq")
  record PasswordReq(
      @Nullable String userName, @Nullable Password password, @Nullable String description) {}

  @GoType("httpserver.NewPasswordReq")
  record NewPasswordReq(
      @Nullable String userName,
      @Nullable Password password,
      @Nullable Password newPassword,
      @Nullable String description) {}

  /** Members in alphabetical order, as Go writes a map. */
  record Success(int code, Map<String, String> data) {}

  record ErrorBody(int code, String message) {}

  /** What a broken handler leaves behind. */
  record Panic(int code) {}

  static Reply success() {
    return Reply.ok(new Success(0, Map.of()));
  }
}
