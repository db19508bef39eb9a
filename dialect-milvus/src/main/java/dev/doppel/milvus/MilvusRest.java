package dev.doppel.milvus;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Operation.Action;
import dev.doppel.dialect.Reply;
import dev.doppel.milvus.MilvusAccess.Asker;
import dev.doppel.milvus.MilvusWire.DatabaseReq;
import dev.doppel.milvus.MilvusWire.GrantReq;
import dev.doppel.milvus.MilvusWire.GrantV2Req;
import dev.doppel.milvus.MilvusWire.GroupList;
import dev.doppel.milvus.MilvusWire.GroupText;
import dev.doppel.milvus.MilvusWire.GroupTexts;
import dev.doppel.milvus.MilvusWire.NewPasswordReq;
import dev.doppel.milvus.MilvusWire.PasswordReq;
import dev.doppel.milvus.MilvusWire.PrivilegeGroupReq;
import dev.doppel.milvus.MilvusWire.RoleReq;
import dev.doppel.milvus.MilvusWire.UserReq;
import dev.doppel.milvus.MilvusWire.UserRoleReq;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import dev.doppel.users.Role;
import dev.doppel.users.SignIn;
import dev.doppel.users.User;
import dev.doppel.wire.go.GoStrings;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The REST API: what a body must hold, who may, and how the outcome looks (2.6.19:
 * httpserver/handler_v2.go).
 */
final class MilvusRest {

  private final MilvusAccess access;
  private final MilvusAccounts accounts;
  private final MilvusRoles roles;
  private final MilvusGroups groups;
  private final MilvusRules rules;
  private final MilvusEra era;
  private final boolean authorization;

  MilvusRest(MilvusBackend backend, MilvusRules rules, boolean authorization) {
    access = backend.access();
    accounts = backend.accounts();
    roles = backend.roles();
    groups = backend.groups();
    era = backend.era();
    this.rules = rules;
    this.authorization = authorization;
  }

  // ---- what all have in common

  /** A member that must be there and not empty, by the name that the server's validator has. */
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
    var missing =
        Stream.of(members)
            .filter(Member::missing)
            .map(member -> member.complaint(type))
            .collect(Collectors.joining("\n"));
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

  private Asker asker(Call call) {
    return asker(call, null);
  }

  private Asker asker(Call call, @Nullable String dbName) {
    var database = database(call, dbName);
    return authorization
        ? new Asker(Optional.of(call.caller().user()), call.caller().authority(), database)
        : Asker.anonymous(database);
  }

  private static String database(Call call, @Nullable String dbName) {
    return Optional.ofNullable(dbName)
        .filter(name -> !name.isEmpty())
        .or(() -> call.header("DB-Name").filter(name -> !name.isEmpty()))
        .orElse("default");
  }

  private static Reply done(@Nullable Object nothing) {
    return MilvusWire.success();
  }

  private boolean describes() {
    return era == MilvusEra.THIRD;
  }

  // ---- users

  Future<Reply> createUser(Call call, PasswordReq body) {
    require(
        "PasswordReq",
        new Member("UserName", body.userName()),
        new Member("Password", body.password()));
    var asker = asker(call);
    return access
        .changing(
            asker,
            MilvusPrivilege.CREATE_OWNERSHIP,
            () ->
                accounts.create(
                    asker.authority(),
                    given(body.userName()),
                    () -> given(body.password()),
                    describes() ? body.description() : null))
        .map(MilvusRest::done);
  }

  Future<Reply> describeUser(Call call, UserReq body) {
    require("UserReq", new Member("UserName", body.userName()));
    var asker = asker(call);
    var name = given(body.userName());
    return (asker.is(name)
            ? Future.<Void>succeededFuture()
            : access.require(asker, MilvusPrivilege.SELECT_USER, name))
        .compose(may -> accounts.find(name))
        .map(
            user -> {
              var held = user.map(accounts::roles).orElse(List.of());
              return describes()
                  ? MilvusWire.success(held, user.map(MilvusExtras::description).orElse(""))
                  : MilvusWire.success(held);
            });
  }

  Future<Reply> listUsers(Call call, DatabaseReq body) {
    return access
        .require(asker(call, body.dbName()), MilvusPrivilege.SELECT_OWNERSHIP)
        .compose(may -> accounts.list())
        .map(users -> MilvusWire.success(users.stream().map(User::name).toList()));
  }

  Future<Reply> updatePassword(Call call, NewPasswordReq body) {
    var description = describes() ? body.description() : null;
    var needed = new ArrayList<Member>();
    needed.add(new Member("UserName", body.userName()));
    if (rules.passwordsAreRequired() && description == null) {
      needed.add(new Member("Password", body.password()));
      needed.add(new Member("NewPassword", body.newPassword()));
    }
    require("NewPasswordReq", needed.toArray(Member[]::new));
    var asker = asker(call);
    // A user made elsewhere may have blanks around its name.
    var given = given(body.userName());
    var name = asker.is(given) ? given : GoStrings.trimSpace(given);
    var wanted = Optional.ofNullable(body.newPassword()).filter(one -> one.length() > 0);
    return access
        .changing(
            asker,
            MilvusPrivilege.UPDATE_USER,
            name,
            () ->
                accounts.update(
                    asker.authority(),
                    new SignIn(name, given(body.password()), call.address()),
                    wanted,
                    description))
        .map(MilvusRest::done);
  }

  Future<Reply> dropUser(Call call, UserReq body) {
    require("UserReq", new Member("UserName", body.userName()));
    var asker = asker(call);
    return access
        .changing(
            asker,
            MilvusPrivilege.DROP_OWNERSHIP,
            () -> accounts.drop(asker.authority(), given(body.userName())))
        .map(MilvusRest::done);
  }

  Future<Reply> grantRole(Call call, UserRoleReq body) {
    return bind(call, body, true);
  }

  Future<Reply> revokeRole(Call call, UserRoleReq body) {
    return bind(call, body, false);
  }

  private Future<Reply> bind(Call call, UserRoleReq body, boolean granted) {
    require(
        "UserRoleReq",
        new Member("UserName", body.userName()),
        new Member("RoleName", body.roleName()));
    var user = given(body.userName());
    var role = given(body.roleName());
    var asker = asker(call);
    return access
        .changing(
            asker,
            MilvusPrivilege.MANAGE_OWNERSHIP,
            () ->
                granted
                    ? accounts.grant(asker.authority(), user, role)
                    : accounts.revoke(asker.authority(), user, role))
        .map(MilvusRest::done);
  }

  // ---- roles

  Future<Reply> createRole(Call call, RoleReq body) {
    require("RoleReq", new Member("RoleName", body.roleName()));
    var description = describes() ? given(body.description()) : "";
    return access
        .require(asker(call, body.dbName()), MilvusPrivilege.CREATE_OWNERSHIP)
        .compose(may -> roles.create(given(body.roleName()), description))
        .map(MilvusRest::done);
  }

  Future<Reply> listRoles(Call call, DatabaseReq body) {
    return access
        .require(asker(call, body.dbName()), MilvusPrivilege.SELECT_OWNERSHIP)
        .compose(may -> roles.list())
        .map(all -> MilvusWire.success(all.stream().map(Role::name).toList()));
  }

  Future<Reply> describeRole(Call call, RoleReq body) {
    require("RoleReq", new Member("RoleName", body.roleName()));
    var name = given(body.roleName());
    var asker = asker(call, body.dbName());
    return (!describes() && holds(asker, name)
            ? Future.<Void>succeededFuture()
            : access.require(asker, MilvusPrivilege.SELECT_OWNERSHIP))
        .compose(may -> roles.require(name))
        .map(
            role -> {
              var grants = MilvusRoles.grants(role, asker.database());
              return describes()
                  ? MilvusWire.success(grants, role.description())
                  : MilvusWire.success(grants);
            });
  }

  /** Until 2.6.18 everybody may look at its own roles. */
  static boolean holds(Asker asker, String role) {
    return asker.user().isPresent()
        && (role.equals(Role.PUBLIC) || asker.user().get().roles().contains(role));
  }

  Future<Reply> alterRole(Call call, RoleReq body) {
    require("RoleReq", new Member("RoleName", body.roleName()));
    return access
        .require(asker(call, body.dbName()), MilvusPrivilege.CREATE_OWNERSHIP)
        .compose(may -> roles.alter(given(body.roleName()), given(body.description())))
        .map(MilvusRest::done);
  }

  Future<Reply> dropRole(Call call, RoleReq body) {
    require("RoleReq", new Member("RoleName", body.roleName()));
    return access
        .require(asker(call, body.dbName()), MilvusPrivilege.DROP_OWNERSHIP)
        .compose(may -> roles.drop(given(body.roleName()), false))
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
    var asker = asker(call, body.dbName());
    return access
        .require(asker, MilvusPrivilege.MANAGE_OWNERSHIP)
        .compose(
            may ->
                roles.grant(
                    given(body.roleName()),
                    MilvusGrant.wanted(
                        asker.database(),
                        given(body.objectName()),
                        given(body.objectType()),
                        given(body.privilege())),
                    () -> grantor(asker),
                    granted))
        .map(MilvusRest::done);
  }

  private String grantor(Asker asker) {
    return asker.user().map(User::name).orElseThrow(era::noGrantor);
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
    var asker = asker(call, body.dbName());
    return access
        .require(asker, MilvusPrivilege.MANAGE_OWNERSHIP)
        .compose(
            may ->
                roles.grantByName(
                    given(body.roleName()),
                    MilvusGrant.wanted(
                        asker.database(),
                        given(body.collectionName()),
                        MilvusPrivileges.GLOBAL,
                        given(body.privilege())),
                    () -> grantor(asker),
                    granted))
        .map(MilvusRest::done);
  }

  // ---- privilege groups

  Future<Reply> createGroup(Call call, PrivilegeGroupReq body) {
    requireGroup(body);
    return access
        .require(asker(call), MilvusPrivilege.CREATE_PRIVILEGE_GROUP)
        .compose(may -> groups.create(given(body.privilegeGroupName())))
        .map(MilvusRest::done);
  }

  private static void requireGroup(PrivilegeGroupReq body) {
    require("PrivilegeGroupReq", new Member("PrivilegeGroupName", body.privilegeGroupName()));
  }

  Future<Reply> dropGroup(Call call, PrivilegeGroupReq body) {
    requireGroup(body);
    return access
        .require(asker(call), MilvusPrivilege.DROP_PRIVILEGE_GROUP)
        .compose(may -> groups.drop(given(body.privilegeGroupName())))
        .map(MilvusRest::done);
  }

  /** Those of users first. */
  Future<Reply> listGroups(Call call, DatabaseReq body) {
    return access
        .require(asker(call, body.dbName()), MilvusPrivilege.LIST_PRIVILEGE_GROUPS)
        .compose(may -> groups.custom())
        .map(custom -> MilvusWire.success(rules.groupsAreLists() ? lists(custom) : texts(custom)));
  }

  private static Stream<Map.Entry<String, List<String>>> all(Map<String, List<String>> custom) {
    return Stream.concat(
        custom.entrySet().stream(), MilvusPrivileges.BUILT_IN_GROUPS.entrySet().stream());
  }

  private static Object lists(Map<String, List<String>> custom) {
    return all(custom).map(group -> new GroupList(group.getKey(), group.getValue())).toList();
  }

  private static Object texts(Map<String, List<String>> custom) {
    return new GroupTexts(
        all(custom)
            .map(group -> new GroupText(group.getKey(), String.join(",", group.getValue())))
            .toList());
  }

  Future<Reply> addToGroup(Call call, PrivilegeGroupReq body) {
    return change(call, body, true);
  }

  Future<Reply> removeFromGroup(Call call, PrivilegeGroupReq body) {
    return change(call, body, false);
  }

  private Future<Reply> change(Call call, PrivilegeGroupReq body, boolean added) {
    requireGroup(body);
    var name = given(body.privilegeGroupName());
    var privileges = Optional.ofNullable(body.privileges()).orElse(List.of());
    return access
        .require(asker(call), MilvusPrivilege.OPERATE_PRIVILEGE_GROUP)
        .compose(may -> added ? groups.add(name, privileges) : groups.remove(name, privileges))
        .map(MilvusRest::done);
  }

  // ---- how long it may take

  /** Within as many seconds as the caller gives, if it gives a number. */
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
