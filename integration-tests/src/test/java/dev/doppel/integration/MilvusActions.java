package dev.doppel.integration;

import static dev.doppel.integration.AuthorityCalls.base64;

import com.google.protobuf.Message;
import dev.doppel.integration.AuthorityCalls.Answer;
import dev.doppel.integration.AuthorityModel.Person;
import dev.doppel.integration.AuthorityModel.Verdict;
import dev.doppel.milvus.grpc.CreateCredentialRequest;
import dev.doppel.milvus.grpc.DeleteCredentialRequest;
import dev.doppel.milvus.grpc.OperateUserRoleRequest;
import dev.doppel.milvus.grpc.UpdateCredentialRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Random calls of Milvus, over REST or gRPC. */
final class MilvusActions extends ModelActions {

  private static final List<String> ROLES = List.of("rd", "wr");
  private static final List<String> PRIVILEGES =
      List.of(
          "ClusterAdmin", "ManageOwnership", "CreateOwnership", "DropOwnership", "SelectOwnership");

  MilvusActions(AuthorityRun run) {
    super(run);
  }

  static String credentials(Person person) {
    return person.name + ":" + person.password.orElseThrow();
  }

  Answer milvus(Person caller, String path, JsonObject body, String rpc, Message message) {
    return run.chance(50)
        ? calls.milvus(path, body, credentials(caller))
        : calls.grpc(rpc, message, credentials(caller));
  }

  private boolean holds(Person person, String... privileges) {
    return person.roles.stream()
        .map(role -> model.roles.getOrDefault(role, Set.of()))
        .anyMatch(
            granted ->
                granted.contains("ClusterAdmin")
                    || List.of(privileges).stream().anyMatch(granted::contains));
  }

  private Verdict right(Person caller, String privilege) {
    return caller.administrator
        ? Verdict.SUCCEEDS
        : holds(caller, privilege) ? Verdict.EITHER : Verdict.REFUSED;
  }

  void create() {
    if (full()) {
      return;
    }
    var caller = somebody();
    var name = name();
    var password = run.pick(PASSWORDS);
    var form = Verdict.of(name.matches("[A-Za-z_]\\w{0,31}"));
    perform(
        "Milvus create: " + caller + " creates '" + name + "'",
        3,
        right(caller, "CreateOwnership").and(form).and(model.nameIsFree(name, Optional.empty())),
        () ->
            milvus(
                caller,
                "users/create",
                new JsonObject().put("userName", name).put("password", password),
                "CreateCredential",
                CreateCredentialRequest.newBuilder()
                    .setUsername(name)
                    .setPassword(base64(password))
                    .build()),
        answer -> make(run.idOf(name), name).password = Optional.of(password));
  }

  void drop() {
    var caller = somebody();
    var user = run.person();
    var right =
        caller.administrator
            ? model.withoutAdministrator(user).and(rootStays(user))
            : holds(caller, "DropOwnership")
                ? (caller == user ? Verdict.EITHER : byRight(caller, user, false))
                : Verdict.REFUSED;
    perform(
        "Milvus drop: " + caller + " drops " + user,
        3,
        right,
        () ->
            milvus(
                caller,
                "users/drop",
                new JsonObject().put("userName", user.name),
                "DeleteCredential",
                DeleteCredentialRequest.newBuilder().setUsername(user.name).build()),
        answer -> model.remove(user));
  }

  /** The design doesn't specify changes of Milvus's own {@code root}. */
  private static Verdict rootStays(Person user) {
    return user.builtIn ? Verdict.EITHER : Verdict.SUCCEEDS;
  }

  void password() {
    var caller = somebody();
    var user = run.chance(60) ? caller : run.person();
    var old = run.chance(80) ? user.password.orElse("N0-password") : run.pick(PASSWORDS);
    var wanted = run.pick(PASSWORDS);
    var right = user.password.equals(Optional.of(old)) ? Verdict.SUCCEEDS : Verdict.REFUSED;
    if (caller != user) {
      // A caller who knows the current password could sign in as the user anyway.
      right =
          right.and(
              caller.administrator || holds(caller, "UpdateUser")
                  ? Verdict.EITHER
                  : Verdict.REFUSED);
    }
    if (old.equals(wanted)) {
      right = right.and(Verdict.EITHER);
    }
    perform(
        "Milvus password: " + caller + " changes that of " + user,
        3,
        right,
        () ->
            milvus(
                caller,
                "users/update_password",
                new JsonObject()
                    .put("userName", user.name)
                    .put("password", old)
                    .put("newPassword", wanted),
                "UpdateCredential",
                UpdateCredentialRequest.newBuilder()
                    .setUsername(user.name)
                    .setOldPassword(base64(old))
                    .setNewPassword(base64(wanted))
                    .build()),
        answer -> user.password = Optional.of(wanted));
  }

  void role() {
    role(somebody(), run.person(), run.chance(60) ? ADMIN : run.pick(ROLES), run.chance(70));
  }

  void role(Person caller, Person user, String role, boolean grants) {
    var right = right(caller, "ManageOwnership");
    if (role.equals(ADMIN)) {
      right =
          user.administrator == grants
              ? right.and(caller.administrator ? Verdict.SUCCEEDS : Verdict.EITHER)
              : Verdict.of(caller.administrator)
                  .and(grants ? model.joins(user, model.system()) : Verdict.SUCCEEDS);
      if (!grants) {
        right = right.and(keepsAdmin(user) ? Verdict.EITHER : model.withoutAdministrator(user));
      }
    } else {
      right = right.and(Verdict.of(model.roles.containsKey(role)));
      if (user.administrator && !caller.administrator) {
        right = right.and(Verdict.EITHER);
      }
    }
    perform(
        "Milvus " + (grants ? "grant" : "revoke") + ": " + caller + " " + role + " of " + user,
        role.equals(ADMIN) ? 3 : 5,
        right,
        () ->
            milvus(
                caller,
                grants ? "users/grant_role" : "users/revoke_role",
                new JsonObject().put("userName", user.name).put("roleName", role),
                "OperateUserRole",
                OperateUserRoleRequest.newBuilder()
                    .setUsername(user.name)
                    .setRoleName(role)
                    .setType(grants ? 0 : 1)
                    .build()),
        answer -> {
          if (role.equals(ADMIN)) {
            user.administrator = grants || keepsAdmin(user);
          } else if (grants) {
            user.roles.add(role);
          } else {
            user.roles.remove(role);
          }
        });
  }

  /** Milvus's {@code root} has all rights, with and without the role. */
  private static boolean keepsAdmin(Person user) {
    return user.builtIn && user.administrator;
  }

  void makeRole() {
    makeRole(somebody(), run.pick(ROLES));
  }

  void makeRole(Person caller, String role) {
    perform(
        "Milvus create role: " + caller + " " + role,
        5,
        right(caller, "CreateOwnership").and(Verdict.of(!model.roles.containsKey(role))),
        () ->
            calls.milvus(
                "roles/create", new JsonObject().put("roleName", role), credentials(caller)),
        answer -> model.roles.put(role, new TreeSet<>()));
  }

  void dropRole() {
    var caller = somebody();
    var role = run.chance(20) ? ADMIN : run.pick(ROLES);
    var granted = model.roles.getOrDefault(role, Set.of());
    perform(
        "Milvus drop role: " + caller + " " + role,
        2,
        right(caller, "DropOwnership")
            .and(Verdict.of(model.roles.containsKey(role) && granted.isEmpty())),
        () ->
            calls.milvus("roles/drop", new JsonObject().put("roleName", role), credentials(caller)),
        answer -> {
          model.roles.remove(role);
          model.people.values().forEach(person -> person.roles.remove(role));
        });
  }

  void privilege() {
    privilege(somebody(), run.pick(ROLES), run.pick(PRIVILEGES), run.chance(70));
  }

  void privilege(Person caller, String role, String privilege, boolean grants) {
    perform(
        "Milvus privilege: "
            + caller
            + (grants ? " grants " : " revokes ")
            + privilege
            + " of "
            + role,
        5,
        right(caller, "ManageOwnership").and(Verdict.of(model.roles.containsKey(role))),
        () ->
            calls.milvus(
                grants ? "roles/grant_privilege_v2" : "roles/revoke_privilege_v2",
                new JsonObject()
                    .put("roleName", role)
                    .put("privilege", privilege)
                    .put("dbName", "*")
                    .put("collectionName", "*"),
                credentials(caller)),
        answer -> {
          var granted = model.roles.computeIfAbsent(role, any -> new TreeSet<>());
          if (grants) {
            granted.add(privilege);
          } else {
            granted.remove(privilege);
          }
        });
  }
}
