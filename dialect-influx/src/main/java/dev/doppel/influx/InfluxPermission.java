package dev.doppel.influx;

import dev.doppel.users.Membership;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A right to read or write resources of a type: all of them, those of an organization, or one
 * (2.9.1: authz.go). Immutable.
 *
 * @param id of the one resource, 16 lower-case hex digits
 * @param orgID of the organization that has the resources, in the same form
 */
record InfluxPermission(
    InfluxAction action, String type, @Nullable String id, @Nullable String orgID) {

  static final String AUTHORIZATIONS = "authorizations";
  static final String BUCKETS = "buckets";
  static final String INSTANCE = "instance";
  static final String LABELS = "labels";
  static final String ORGS = "orgs";
  static final String SECRETS = "secrets";
  static final String USERS = "users";

  /** All types except {@link #INSTANCE}, in the server's order. */
  static final List<String> TYPES =
      List.of(
          AUTHORIZATIONS,
          BUCKETS,
          "dashboards",
          ORGS,
          "sources",
          "tasks",
          "telegrafs",
          USERS,
          "variables",
          "scrapers",
          SECRETS,
          LABELS,
          "views",
          "documents",
          "notificationRules",
          "notificationEndpoints",
          "checks",
          "dbrp",
          "notebooks",
          "annotations",
          "remotes",
          "replications");

  /** The permissions of the operator token, which setup issues. */
  static final List<InfluxPermission> OPERATOR =
      TYPES.stream()
          .flatMap(type -> Arrays.stream(InfluxAction.values()).map(action -> all(action, type)))
          .toList();

  static InfluxPermission all(InfluxAction action, String type) {
    return new InfluxPermission(action, type, null, null);
  }

  static InfluxPermission in(InfluxAction action, String type, String organization) {
    return new InfluxPermission(action, type, null, organization);
  }

  static InfluxPermission one(InfluxAction action, String type, String id) {
    return new InfluxPermission(action, type, id, null);
  }

  static InfluxPermission user(InfluxAction action, String id) {
    return one(action, USERS, id);
  }

  static InfluxPermission org(InfluxAction action, String id) {
    return one(action, ORGS, id);
  }

  /**
   * Returns the permissions of a user by itself and by its organizations: those that a token of the
   * user can have.
   */
  static List<InfluxPermission> of(User user) {
    var held = new ArrayList<InfluxPermission>();
    if (user.administrator()) {
      held.addAll(ofInstance());
    }
    user.memberships().entrySet().stream()
        .sorted(
            Map.Entry.comparingByKey(
                Comparator.comparing(OrganizationId::value, Long::compareUnsigned)))
        .forEach(entry -> held.addAll(of(entry.getKey().toString(), entry.getValue())));
    held.addAll(self(InfluxId.of(user)));
    return held;
  }

  /** Returns the permissions of an operator. */
  static List<InfluxPermission> ofInstance() {
    return List.of(all(InfluxAction.READ, INSTANCE), all(InfluxAction.WRITE, INSTANCE));
  }

  /** Returns the permissions to read and write oneself, which every user has. */
  static List<InfluxPermission> self(String id) {
    return List.of(user(InfluxAction.READ, id), user(InfluxAction.WRITE, id));
  }

  /** Returns the organizations in which these permissions are all that an owner has. */
  static Set<OrganizationId> ownedWith(List<InfluxPermission> held) {
    return held.stream()
        .flatMap(permission -> Stream.of(permission.id, permission.orgID))
        .filter(Objects::nonNull)
        .distinct()
        .filter(
            org ->
                of(org, Membership.OWNER).stream()
                    .allMatch(needed -> held.stream().anyMatch(one -> one.allows(needed))))
        .flatMap(org -> UserId.parse(org).stream())
        .map(id -> new OrganizationId(id.value()))
        .collect(Collectors.toSet());
  }

  /** Returns the permissions that a member or an owner of an organization has. */
  static List<InfluxPermission> of(String organization, Membership membership) {
    var actions =
        membership == Membership.OWNER
            ? List.of(InfluxAction.READ, InfluxAction.WRITE)
            : List.of(InfluxAction.READ);
    return TYPES.stream()
        .flatMap(
            type ->
                actions.stream()
                    .map(
                        action ->
                            type.equals(ORGS)
                                ? org(action, organization)
                                : in(action, type, organization)))
        .toList();
  }

  /** Returns whether this permission includes another. */
  boolean allows(InfluxPermission needed) {
    if (action != needed.action) {
      return false;
    }
    if (type.equals(INSTANCE)) {
      return true;
    }
    if (!type.equals(needed.type)) {
      return false;
    }
    return id == null ? orgID == null || orgID.equals(needed.orgID) : id.equals(needed.id);
  }

  /** Returns the form of the vendor's messages: {@code write:orgs/020f755c3c082000/buckets}. */
  @Override
  public String toString() {
    var text = new StringBuilder(action.word()).append(':');
    if (orgID != null) {
      text.append(ORGS).append('/').append(orgID).append('/');
    }
    text.append(type);
    if (id != null) {
      text.append('/').append(id);
    }
    return text.toString();
  }
}
