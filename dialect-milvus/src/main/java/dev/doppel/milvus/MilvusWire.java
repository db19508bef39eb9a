package dev.doppel.milvus;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Password;
import dev.doppel.wire.go.GoJson;
import dev.doppel.wire.go.GoType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bodies of the REST API, with Milvus's names and order of members. */
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

  @GoType("httpserver.UserReq")
  record UserReq(@Nullable String userName) {}

  @GoType("httpserver.UserRoleReq")
  record UserRoleReq(@Nullable String userName, @Nullable String roleName) {}

  @GoType("httpserver.DatabaseReq")
  record DatabaseReq(@Nullable String dbName) {}

  @GoType("httpserver.RoleReq")
  record RoleReq(
      @Nullable String dbName, @Nullable String roleName, @Nullable String description) {}

  @GoType("httpserver.GrantReq")
  record GrantReq(
      @Nullable String roleName,
      @Nullable String objectType,
      @Nullable String objectName,
      @Nullable String privilege,
      @Nullable String dbName) {}

  @GoType("httpserver.GrantV2Req")
  record GrantV2Req(
      @Nullable String roleName,
      @Nullable String dbName,
      @Nullable String collectionName,
      @Nullable String privilege) {}

  @GoType("httpserver.PrivilegeGroupReq")
  record PrivilegeGroupReq(
      @Nullable String privilegeGroupName, @GoType("[]string") @Nullable List<String> privileges) {}

  @GoType("httpserver.CollectionNameReq")
  record CollectionNameReq(
      @Nullable String dbName,
      @Nullable String collectionName,
      @GoType("[]string") @Nullable List<String> partitionNames) {}

  @GoType("httpserver.OptionalCollectionNameReq")
  record OptionalCollectionNameReq(@Nullable String dbName, @Nullable String collectionName) {}

  @GoType("httpserver.AliasReq")
  record AliasReq(@Nullable String dbName, @Nullable String aliasName) {}

  @GoType("httpserver.EmptyReq")
  record EmptyReq() {}

  @GoType("httpserver.DatabaseReqRequiredName")
  record DatabaseReqRequiredName(@Nullable String dbName) {}

  @GoType("httpserver.DatabaseReqWithProperties")
  record DatabaseReqWithProperties(
      @Nullable String dbName,
      @GoType("map[string]interface {}") @Nullable Map<String, Object> properties) {}

  /** Members are in alphabetical order, as Go writes a map. */
  record Success(int code, Object data, @Nullable String description) {}

  record ErrorBody(int code, String message) {}

  /** The body after a panic in a handler. */
  record Panic(int code) {}

  record GroupTexts(List<GroupText> privilegeGroups) {}

  record GroupText(String privilegeGroupName, String privileges) {}

  record GroupList(String privilegeGroupName, List<String> privileges) {}

  record Has(boolean has) {}

  record Database(long dbID, String dbName, List<Property> properties) {}

  /** A property of a database, without members that are empty. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Property(String key, String value) {}

  static Reply success() {
    return success(Map.of());
  }

  static Reply success(Object data) {
    return Reply.ok(new Success(0, data, null));
  }

  static Reply success(Object data, String description) {
    return Reply.ok(new Success(0, data, description));
  }
}
