package dev.doppel.milvus;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Operation.Action;
import dev.doppel.dialect.Reply;
import dev.doppel.milvus.MilvusCollections.Collection;
import dev.doppel.milvus.MilvusOperations.NewPassword;
import dev.doppel.milvus.MilvusOperations.NewUser;
import dev.doppel.milvus.MilvusOperations.PrivilegeChange;
import dev.doppel.milvus.MilvusOperations.PrivilegeGroup;
import dev.doppel.milvus.MilvusOperations.UserInfo;
import dev.doppel.milvus.MilvusOperations.UserUpdate;
import dev.doppel.milvus.MilvusWire.AliasReq;
import dev.doppel.milvus.MilvusWire.CollectionNameReq;
import dev.doppel.milvus.MilvusWire.Database;
import dev.doppel.milvus.MilvusWire.DatabaseReq;
import dev.doppel.milvus.MilvusWire.DatabaseReqRequiredName;
import dev.doppel.milvus.MilvusWire.DatabaseReqWithProperties;
import dev.doppel.milvus.MilvusWire.EmptyReq;
import dev.doppel.milvus.MilvusWire.GrantReq;
import dev.doppel.milvus.MilvusWire.GrantV2Req;
import dev.doppel.milvus.MilvusWire.GroupList;
import dev.doppel.milvus.MilvusWire.GroupText;
import dev.doppel.milvus.MilvusWire.GroupTexts;
import dev.doppel.milvus.MilvusWire.Has;
import dev.doppel.milvus.MilvusWire.NewPasswordReq;
import dev.doppel.milvus.MilvusWire.OptionalCollectionNameReq;
import dev.doppel.milvus.MilvusWire.PasswordReq;
import dev.doppel.milvus.MilvusWire.PrivilegeGroupReq;
import dev.doppel.milvus.MilvusWire.Property;
import dev.doppel.milvus.MilvusWire.RoleReq;
import dev.doppel.milvus.MilvusWire.UserReq;
import dev.doppel.milvus.MilvusWire.UserRoleReq;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import dev.doppel.wire.go.GoFormat;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The REST API: checks and reads the bodies of requests, and writes the results of {@link
 * MilvusOperations} (2.6.19: httpserver/handler_v2.go).
 */
final class MilvusRest {

  private final MilvusOperations operations;
  private final boolean authorization;

  MilvusRest(MilvusOperations operations, boolean authorization) {
    this.operations = operations;
    this.authorization = authorization;
  }

  // ---- common to all operations

  /**
   * A member that must be present and not empty.
   *
   * @param field the name in the server's validator
   */
  private record Member(String field, @Nullable Object value) {

    boolean missing() {
      return value == null
          || value.equals("")
          || (value instanceof Password password && password.length() == 0);
    }

    String complaint(String type) {
      return "Key: '%s.%s' Error:Field validation for '%s' failed on the 'required' tag"
          .formatted(type, field, field);
    }
  }

  private static void require(String type, Member... members) {
    refuse(missing(type, List.of(members)));
  }

  /** Returns what the server says of members that are missing; empty if none is. */
  private static String missing(String type, List<Member> members) {
    return members.stream()
        .filter(Member::missing)
        .map(member -> member.complaint(type))
        .collect(Collectors.joining("\n"));
  }

  private static void refuse(String missing) {
    if (!missing.isEmpty()) {
      throw MilvusErrors.MISSING_PARAMETERS.newException(Reason.INVALID_VALUE, missing);
    }
  }

  private static String given(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Password given(@Nullable Password password) {
    return password == null ? new Password("") : password;
  }

  private MilvusCaller caller(Call call) {
    return caller(call, null);
  }

  private MilvusCaller caller(Call call, @Nullable String dbName) {
    var database = database(call, dbName);
    return authorization
        ? MilvusCaller.of(
            call.caller().user(), call.caller().authority(), database, call.deviations())
        : MilvusCaller.anonymous(Optional.empty(), database, call.deviations());
  }

  private static String database(Call call, @Nullable String dbName) {
    return Optional.ofNullable(dbName)
        .filter(name -> !name.isEmpty())
        .or(() -> call.header("DB-Name").filter(name -> !name.isEmpty()))
        .orElse(MilvusCaller.DEFAULT_DATABASE);
  }

  private static Reply done(@Nullable Object nothing) {
    return MilvusWire.success();
  }

  // ---- users

  Future<Reply> createUser(Call call, PasswordReq body) {
    require(
        "PasswordReq",
        new Member("UserName", body.userName()),
        new Member("Password", body.password()));
    var user =
        new NewUser(given(body.userName()), () -> given(body.password()), body.description());
    return operations.createUser(caller(call), user).map(MilvusRest::done);
  }

  Future<Reply> describeUser(Call call, UserReq body) {
    require("UserReq", new Member("UserName", body.userName()));
    return operations
        .findUser(caller(call), given(body.userName()), true)
        .map(
            user -> {
              var roles = user.map(UserInfo::roles).orElse(List.of());
              return operations.hasDescriptions()
                  ? MilvusWire.success(roles, user.map(UserInfo::description).orElse(""))
                  : MilvusWire.success(roles);
            });
  }

  Future<Reply> listUsers(Call call, DatabaseReq body) {
    return operations.listUsers(caller(call, body.dbName())).map(MilvusWire::success);
  }

  Future<Reply> updatePassword(Call call, NewPasswordReq body) {
    refuse(missing(call, body));
    var wanted = Optional.ofNullable(body.newPassword()).filter(one -> one.length() > 0);
    var update =
        new UserUpdate(
            given(body.userName()),
            call.address(),
            () -> new NewPassword(given(body.password()), wanted),
            body.description());
    return operations.updateUser(caller(call), update).map(MilvusRest::done);
  }

  /**
   * Returns the missing members of an update. The page needs both passwords, unless there is a
   * description; the server has needed them until it had descriptions.
   */
  private String missing(Call call, NewPasswordReq body) {
    var name = new Member("UserName", body.userName());
    var all =
        List.of(
            name,
            new Member("Password", body.password()),
            new Member("NewPassword", body.newPassword()));
    if (!operations.hasDescriptions()) {
      return missing("NewPasswordReq", all);
    }
    var withoutPasswords = missing("NewPasswordReq", List.of(name));
    return body.description() != null
        ? withoutPasswords
        : call.deviations()
            .choose(
                MilvusDifference.UPDATE_WITHOUT_PASSWORDS,
                missing("NewPasswordReq", all),
                withoutPasswords);
  }

  Future<Reply> dropUser(Call call, UserReq body) {
    require("UserReq", new Member("UserName", body.userName()));
    return operations.dropUser(caller(call), given(body.userName())).map(MilvusRest::done);
  }

  Future<Reply> grantRole(Call call, UserRoleReq body) {
    return operate(call, body, true);
  }

  Future<Reply> revokeRole(Call call, UserRoleReq body) {
    return operate(call, body, false);
  }

  private Future<Reply> operate(Call call, UserRoleReq body, boolean granted) {
    require(
        "UserRoleReq",
        new Member("UserName", body.userName()),
        new Member("RoleName", body.roleName()));
    return operations
        .operateUserRole(
            caller(call), given(body.userName()), given(body.roleName()), () -> granted)
        .map(MilvusRest::done);
  }

  // ---- roles

  Future<Reply> createRole(Call call, RoleReq body) {
    require("RoleReq", new Member("RoleName", body.roleName()));
    return operations
        .createRole(caller(call, body.dbName()), given(body.roleName()), given(body.description()))
        .map(MilvusRest::done);
  }

  Future<Reply> listRoles(Call call, DatabaseReq body) {
    return operations.listRoles(caller(call, body.dbName())).map(MilvusWire::success);
  }

  Future<Reply> describeRole(Call call, RoleReq body) {
    require("RoleReq", new Member("RoleName", body.roleName()));
    return operations
        .describeRole(caller(call, body.dbName()), given(body.roleName()))
        .map(
            role ->
                operations.hasDescriptions()
                    ? MilvusWire.success(role.grants(), role.description())
                    : MilvusWire.success(role.grants()));
  }

  Future<Reply> alterRole(Call call, RoleReq body) {
    require("RoleReq", new Member("RoleName", body.roleName()));
    return operations
        .alterRole(caller(call, body.dbName()), given(body.roleName()), given(body.description()))
        .map(MilvusRest::done);
  }

  Future<Reply> dropRole(Call call, RoleReq body) {
    require("RoleReq", new Member("RoleName", body.roleName()));
    return operations
        .dropRole(caller(call, body.dbName()), given(body.roleName()), false)
        .map(MilvusRest::done);
  }

  Future<Reply> grantPrivilege(Call call, GrantReq body) {
    return operate(call, body, true);
  }

  Future<Reply> revokePrivilege(Call call, GrantReq body) {
    return operate(call, body, false);
  }

  private Future<Reply> operate(Call call, GrantReq body, boolean granted) {
    require(
        "GrantReq",
        new Member("RoleName", body.roleName()),
        new Member("ObjectType", body.objectType()),
        new Member("ObjectName", body.objectName()),
        new Member("Privilege", body.privilege()));
    var caller = caller(call, body.dbName());
    var change =
        new PrivilegeChange(
            () -> given(body.roleName()),
            () -> given(body.privilege()),
            () -> given(body.objectType()),
            given(body.objectName()),
            caller.database(),
            granted ? PrivilegeChange.GRANT : PrivilegeChange.REVOKE);
    return operations.operatePrivilege(caller, change).map(MilvusRest::done);
  }

  Future<Reply> grantPrivilegeV2(Call call, GrantV2Req body) {
    return operate(call, body, true);
  }

  Future<Reply> revokePrivilegeV2(Call call, GrantV2Req body) {
    return operate(call, body, false);
  }

  private Future<Reply> operate(Call call, GrantV2Req body, boolean granted) {
    require(
        "GrantV2Req",
        new Member("RoleName", body.roleName()),
        new Member("Privilege", body.privilege()));
    var caller = caller(call, body.dbName());
    var change =
        new PrivilegeChange(
            () -> given(body.roleName()),
            () -> given(body.privilege()),
            () -> MilvusPrivileges.GLOBAL,
            given(body.collectionName()),
            caller.database(),
            granted ? PrivilegeChange.GRANT : PrivilegeChange.REVOKE);
    return operations.operatePrivilegeV2(caller, change).map(MilvusRest::done);
  }

  // ---- privilege groups

  Future<Reply> createGroup(Call call, PrivilegeGroupReq body) {
    return operations.createGroup(caller(call), groupName(body)).map(MilvusRest::done);
  }

  private static String groupName(PrivilegeGroupReq body) {
    require("PrivilegeGroupReq", new Member("PrivilegeGroupName", body.privilegeGroupName()));
    return given(body.privilegeGroupName());
  }

  Future<Reply> dropGroup(Call call, PrivilegeGroupReq body) {
    return operations.dropGroup(caller(call), groupName(body)).map(MilvusRest::done);
  }

  Future<Reply> listGroups(Call call, DatabaseReq body) {
    return operations
        .listGroups(caller(call, body.dbName()))
        .map(
            all ->
                MilvusWire.success(
                    call.asDocumented(MilvusDifference.LIST_OF_GROUPS) ? lists(all) : texts(all)));
  }

  private static Object lists(List<PrivilegeGroup> groups) {
    return groups.stream().map(group -> new GroupList(group.name(), group.privileges())).toList();
  }

  private static Object texts(List<PrivilegeGroup> groups) {
    return new GroupTexts(
        groups.stream()
            .map(group -> new GroupText(group.name(), String.join(",", group.privileges())))
            .toList());
  }

  Future<Reply> addToGroup(Call call, PrivilegeGroupReq body) {
    return operate(call, body, true);
  }

  Future<Reply> removeFromGroup(Call call, PrivilegeGroupReq body) {
    return operate(call, body, false);
  }

  private Future<Reply> operate(Call call, PrivilegeGroupReq body, boolean added) {
    var name = groupName(body);
    var privileges = Optional.ofNullable(body.privileges()).orElse(List.of());
    return operations
        .operateGroup(caller(call), name, privileges, () -> added)
        .map(MilvusRest::done);
  }

  // ---- collections

  Future<Reply> listCollections(Call call, DatabaseReq body) {
    return operations
        .collections()
        .list(caller(call, body.dbName()).database())
        .map(MilvusWire::success);
  }

  Future<Reply> hasCollection(Call call, CollectionNameReq body) {
    var collection = collection(caller(call, body.dbName()), body);
    return operations.collections().has(collection).map(has -> MilvusWire.success(new Has(has)));
  }

  private static Collection collection(MilvusCaller caller, CollectionNameReq body) {
    require("CollectionNameReq", new Member("CollectionName", body.collectionName()));
    return new Collection(caller.database(), given(body.collectionName()));
  }

  Future<Reply> describeCollection(Call call, CollectionNameReq body) {
    var caller = caller(call, body.dbName());
    return operations.collections().describe(caller, collection(caller, body), 0);
  }

  Future<Reply> collectionStats(Call call, CollectionNameReq body) {
    var caller = caller(call, body.dbName());
    return operations.collections().statistics(caller, collection(caller, body));
  }

  /** Over REST the state of a collection that doesn't exist is an error. */
  Future<Reply> collectionLoadState(Call call, CollectionNameReq body) {
    var caller = caller(call, body.dbName());
    var collection = collection(caller, body);
    return operations
        .collections()
        .loadState(caller, collection)
        .compose(
            none ->
                Future.failedFuture(
                    MilvusCollections.notFound(
                        "collection not found[collection=%s]".formatted(collection.name()))));
  }

  Future<Reply> listPartitions(Call call, CollectionNameReq body) {
    var caller = caller(call, body.dbName());
    return operations.collections().partitions(caller, collection(caller, body));
  }

  Future<Reply> listAliases(Call call, OptionalCollectionNameReq body) {
    var caller = caller(call, body.dbName());
    return operations
        .collections()
        .aliases(caller, new Collection(caller.database(), given(body.collectionName())))
        .map(MilvusWire::success);
  }

  Future<Reply> describeAlias(Call call, AliasReq body) {
    require("AliasReq", new Member("AliasName", body.aliasName()));
    var caller = caller(call, body.dbName());
    return operations
        .collections()
        .describeAlias(caller, caller.database(), given(body.aliasName()));
  }

  // ---- databases

  Future<Reply> createDatabase(Call call, DatabaseReqWithProperties body) {
    require("DatabaseReqWithProperties", new Member("DbName", body.dbName()));
    var caller = caller(call, body.dbName());
    return operations
        .databases()
        .create(caller, caller.database(), properties(body))
        .map(MilvusRest::done);
  }

  /** The server prints properties of any type. */
  private static Map<String, String> properties(DatabaseReqWithProperties body) {
    var properties = new LinkedHashMap<String, String>();
    if (body.properties() != null) {
      body.properties().forEach((key, value) -> properties.put(key, GoFormat.print(value)));
    }
    return properties;
  }

  Future<Reply> dropDatabase(Call call, DatabaseReqRequiredName body) {
    var caller = named(call, body);
    return operations.databases().drop(caller, caller.database()).map(MilvusRest::done);
  }

  private MilvusCaller named(Call call, DatabaseReqRequiredName body) {
    require("DatabaseReqRequiredName", new Member("DbName", body.dbName()));
    return caller(call, body.dbName());
  }

  Future<Reply> listDatabases(Call call, EmptyReq body) {
    return operations
        .databases()
        .list(caller(call))
        .map(all -> MilvusWire.success(all.stream().map(MilvusDatabase::name).toList()));
  }

  Future<Reply> describeDatabase(Call call, DatabaseReqRequiredName body) {
    var caller = named(call, body);
    return operations
        .databases()
        .describe(caller, caller.database())
        .map(
            database ->
                MilvusWire.success(
                    new Database(
                        database.id(),
                        database.name(),
                        database.properties().entrySet().stream()
                            .map(one -> new Property(one.getKey(), one.getValue()))
                            .toList())));
  }

  // ---- timeouts

  /** Limits an action to the seconds in the header {@code Request-Timeout}, if that is a number. */
  static Action timed(Action action) {
    return call -> {
      var seconds = call.header("Request-Timeout").flatMap(MilvusRest::number);
      if (seconds.isEmpty()) {
        return action.answer(call);
      }
      if (seconds.get() <= 0) {
        throw MilvusErrors.TIMED_OUT.newException(Reason.TIMED_OUT);
      }
      var answer = action.answer(call);
      return answer.isComplete()
          ? answer
          : answer
              .timeout(seconds.get(), TimeUnit.SECONDS)
              .recover(
                  thrown ->
                      Future.failedFuture(
                          thrown instanceof TimeoutException
                              ? MilvusErrors.TIMED_OUT.newException(Reason.TIMED_OUT)
                              : thrown));
    };
  }

  private static Optional<Long> number(String text) {
    return text.matches("[+-]?[0-9]{1,9}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }
}
