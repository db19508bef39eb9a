package dev.doppel.milvus;

import static dev.doppel.milvus.MilvusErrors.INVALID_PARAMETER;
import static dev.doppel.milvus.MilvusErrors.UNEXPECTED;

import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;

/**
 * The errors of the server's coordinator, which manages users and roles: until 2.6.4 with one code
 * for everything and bare texts, from 2.6.19 on with codes and kinds (internal/rootcoord). Versions
 * in between differ from both and are not emulated.
 */
enum MilvusEra {
  /** 2.3 to 2.6.4. */
  FIRST,
  /** From 2.6.19 on. */
  THIRD;

  private static final String COMMON_CHECK = "failed to operate privilege common check: ";

  private static final String NO_ROLE =
      "not found the role, maybe the role isn't existed or internal system error";

  private VendorErrorException newException(Reason reason, String first, int code, String third) {
    return this == FIRST
        ? MilvusError.coordinator(UNEXPECTED, "%s").newException(reason, first)
        : MilvusError.coordinator(code, "%s").newException(reason, third);
  }

  /** As above, where the later text is the earlier one between a step and its kind. */
  private VendorErrorException invalid(Reason reason, String step, String text) {
    return newException(reason, text, INVALID_PARAMETER, step + text + ": invalid parameter");
  }

  VendorErrorException userExists(String name) {
    return invalid(Reason.USER_EXISTS, "", "user already exists: " + name);
  }

  VendorErrorException tooManyUsers() {
    var text = "unable to add user because the number of users has reached the limit";
    return newException(
        Reason.INVALID_VALUE,
        text,
        9,
        "failed to check if add credential: quota exceeded[reason=" + text + "]");
  }

  VendorErrorException noUserToUpdate() {
    return MilvusError.coordinator(UNEXPECTED, "%s")
        .newException(Reason.NO_SUCH_USER, "failed to check if update credential: user not found");
  }

  VendorErrorException noUserToGrantTo(String name) {
    return newException(
        Reason.NO_SUCH_USER,
        "not found the user, maybe the user isn't existed or internal system error",
        INVALID_PARAMETER,
        "failed to check if operate user role: user \"%s\" not found: invalid parameter"
            .formatted(name));
  }

  /**
   * The server prints the role as its protocol buffer does.
   *
   * @param description empty if there is none
   */
  VendorErrorException roleExists(String name, String description) {
    var shown = "name:\"%s\"".formatted(name);
    return invalid(
        Reason.ROLE_EXISTS,
        "",
        "role [%s] already exists"
            .formatted(
                description.isEmpty()
                    ? shown
                    : shown + "  description:\"%s\"".formatted(escaped(description))));
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  VendorErrorException tooManyRoles() {
    var text = "unable to create role because the number of roles has reached the limit";
    return newException(
        Reason.INVALID_VALUE,
        text,
        9,
        "failed to check if create role: quota exceeded[reason=" + text + "]");
  }

  VendorErrorException noRoleToDropOrBind() {
    return invalid(Reason.NO_SUCH_ROLE, "", NO_ROLE);
  }

  VendorErrorException noRoleToAlter() {
    return MilvusError.coordinator(UNEXPECTED, "%s")
        .newException(Reason.NO_SUCH_ROLE, "failed to check if alter role: role not exists");
  }

  VendorErrorException noRoleToDescribe(String name) {
    return newException(
        Reason.NO_SUCH_ROLE,
        NO_ROLE,
        INVALID_PARAMETER,
        "the role \"%s\" does not exist: invalid parameter".formatted(name));
  }

  VendorErrorException noRoleToGrantTo(String name) {
    return newException(
        Reason.NO_SUCH_ROLE,
        NO_ROLE,
        INVALID_PARAMETER,
        COMMON_CHECK + "the role \"%s\" does not exist: invalid parameter".formatted(name));
  }

  VendorErrorException roleHasPrivileges() {
    return invalid(
        Reason.INVALID_VALUE,
        "failed to check if drop role: ",
        "fail to drop the role that it has privileges. Use REVOKE API to revoke privileges");
  }

  VendorErrorException unknownObject(String object) {
    return invalid(
        Reason.INVALID_VALUE,
        "",
        "not found the object type[name: %s], supported the object types: [Collection Global User]"
            .formatted(object));
  }

  /** When a privilege is granted, other than when grants are listed, the type isn't quoted. */
  VendorErrorException unknownObjectToGrant() {
    return invalid(
        Reason.INVALID_VALUE, COMMON_CHECK, "the object entity in the request is nil or invalid");
  }

  VendorErrorException unknownChangeOfPrivilege(int type) {
    return invalid(
        Reason.INVALID_VALUE,
        COMMON_CHECK,
        "invalid operate privilege type, current type: %s, valid value: [Grant, Revoke]"
            .formatted(type));
  }

  /** The older form has no groups of privileges. */
  VendorErrorException groupInOlderForm(String kind, String group) {
    return invalid(
        Reason.INVALID_VALUE,
        "",
        "can not operate the %s privilege group [%s]".formatted(kind, group));
  }

  /**
   * A group was granted for more or less than it can be. The earlier versions have a code as well.
   *
   * @param rule what the database and the collection must be
   */
  VendorErrorException wrongLevel(String rule, String group) {
    return MilvusError.coordinator(INVALID_PARAMETER, "%s: invalid parameter")
        .newException(Reason.INVALID_VALUE, rule + ": " + group);
  }

  VendorErrorException noLevel() {
    return invalid(Reason.INVALID_VALUE, "", "not found the privilege level");
  }

  VendorErrorException unknownPrivilege(String privilege, String object) {
    return invalid(
        Reason.INVALID_VALUE,
        "",
        "not found the privilege name[%s] in object[%s]".formatted(privilege, object));
  }

  VendorErrorException unknownPrivilege(String privilege) {
    return invalid(
        Reason.INVALID_VALUE, "", "not found the privilege name[%s]".formatted(privilege));
  }

  /** Without a caller there is no name to record as the grantor. */
  VendorErrorException noGrantor() {
    return refusedByProxy("fail to get authorization from the md, authorization:[token]");
  }

  /** The grantor must exist, even with authorization off. */
  VendorErrorException noUserToGrantAs(String name) {
    return newException(
        Reason.NO_SUCH_USER,
        "not found the user, maybe the user isn't existed or internal system error",
        INVALID_PARAMETER,
        COMMON_CHECK + "user \"%s\" not found: invalid parameter".formatted(name));
  }

  /**
   * A message of gRPC lacks a part of a grant in the older form.
   *
   * @param part the part, and where it is missing
   */
  VendorErrorException noPartOfGrant(String part) {
    return refusedByProxy("the " + part + " is nil");
  }

  private VendorErrorException refusedByProxy(String text) {
    return this == FIRST
        ? MilvusError.proxy(UNEXPECTED, "%s").newException(Reason.INVALID_VALUE, text)
        : MilvusErrors.INVALID.newException(Reason.INVALID_VALUE, text);
  }

  /**
   * Over gRPC passwords are sent in Base64.
   *
   * @param error what Go's decoder says
   */
  VendorErrorException notBase64(String complaint, String error) {
    return MilvusError.proxy(this == FIRST ? UNEXPECTED : INVALID_PARAMETER, "%s")
        .newException(Reason.INVALID_VALUE, complaint + ": " + error);
  }

  VendorErrorException groupIsUsers(String group) {
    return group("creatable", "privilege group name [%s] is defined by users".formatted(group));
  }

  VendorErrorException groupIsBuiltIn(String group) {
    return group(
        "creatable",
        "privilege group name [%s] is defined by built in privileges or privilege groups in system"
            .formatted(group));
  }

  VendorErrorException groupInUse(String group, String role) {
    return invalid(
        Reason.INVALID_VALUE,
        "failed to check if privilege group dropable: ",
        "privilege group [%s] is used by role [%s], Use REVOKE API to revoke it first"
            .formatted(group, role));
  }

  VendorErrorException noGroupToChange(String group) {
    return group(
        "alterable",
        "there is no privilege group name [%s] defined in system to operate".formatted(group));
  }

  VendorErrorException noPrivilegeForGroup(String privilege) {
    return group(
        "alterable",
        "there is no privilege name or privilege group name [%s] defined in system to operate"
            .formatted(privilege));
  }

  VendorErrorException noPrivileges() {
    return group("alterable", "privileges is empty when alter the privilege group");
  }

  VendorErrorException privilegesOfDifferentLevels() {
    return group("alterable", "privileges are not the same privilege level");
  }

  /** Nothing can be restored from what is empty. */
  VendorErrorException emptyBackup() {
    var text = "rbac meta is empty";
    return newException(
        Reason.INVALID_VALUE, text, UNEXPECTED, "failed to check if rbac restorable: " + text);
  }

  VendorErrorException notRestorable(String text) {
    return invalid(Reason.INVALID_VALUE, "failed to check if rbac restorable: ", text);
  }

  /** As above, with what another operation says. */
  VendorErrorException notRestorable(MilvusError error, Failure failure) {
    var step = this == FIRST ? "" : "failed to check if rbac restorable: ";
    return MilvusError.coordinator(error.code(), "%s")
        .newException(Reason.INVALID_VALUE, step + error.message(failure));
  }

  /** For groups the earlier versions have a code as well. */
  private VendorErrorException group(String step, String text) {
    var before = this == FIRST ? "" : "failed to check if privilege group " + step + ": ";
    return MilvusError.coordinator(INVALID_PARAMETER, "%s")
        .newException(Reason.INVALID_VALUE, before + text + ": invalid parameter");
  }
}
