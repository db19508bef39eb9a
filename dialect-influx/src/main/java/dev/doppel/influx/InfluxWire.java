package dev.doppel.influx;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.users.Alias;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.User;
import dev.doppel.wire.go.GoJson;
import dev.doppel.wire.go.GoTime;
import dev.doppel.wire.go.GoType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The bodies of requests and answers, with InfluxDB's names and order of members. */
final class InfluxWire {

  static final String CONTENT_TYPE = "application/json; charset=utf-8";

  /** JSON of the resource handlers. */
  static final ObjectMapper JSON = GoJson.indented();

  /** JSON of the authentication step. */
  static final ObjectMapper COMPACT_JSON = GoJson.compact();

  private InfluxWire() {}

  static String compact(Object value) {
    try {
      return COMPACT_JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("strings are always JSON", e);
    }
  }

  static Alias alias(String id) {
    return new Alias(InfluxDialect.NAME, id);
  }

  record ErrorBody(String code, String message) {}

  record Links(String self) {}

  // Users

  @GoType("influxdb.User")
  record NewUserBody(
      @GoType("platform.ID") @Nullable String id,
      @Nullable String name,
      @Nullable String oauthID,
      @GoType("influxdb.Status") @Nullable String status) {}

  @GoType("influxdb.UserUpdate")
  record UserUpdate(@Nullable String name, @GoType("influxdb.Status") @Nullable String status) {}

  @GoType("tenant.passwordSetRequest")
  record NewPassword(@Nullable Password password) {}

  @GoType("tenant.passwordResetRequestBody")
  record PasswordReset(@Nullable Password password) {}

  record UserView(Links links, String id, String name, @Nullable String oauthID, String status) {

    static UserView of(User user) {
      var id = InfluxId.of(user);
      var extras = InfluxExtras.of(user);
      return new UserView(
          new Links("/api/v2/users/" + id), id, user.name(), extras.oauthID(), extras.status(user));
    }
  }

  record UserList(Links links, List<UserView> users) {

    static UserList of(List<User> users) {
      return new UserList(new Links("/api/v2/users"), users.stream().map(UserView::of).toList());
    }
  }

  // Permissions and authorizations

  @GoType("influxdb.Resource")
  record ResourceBody(
      @GoType("influxdb.ResourceType") @Nullable String type,
      @GoType("platform.ID") @Nullable String id,
      @GoType("platform.ID") @Nullable String orgID) {}

  @GoType("influxdb.Permission")
  record PermissionBody(
      @GoType("influxdb.InfluxAction") @Nullable String action,
      @GoType("influxdb.Resource") @Nullable ResourceBody resource) {}

  @GoType("authorization.postAuthorizationRequest")
  record NewAuthorization(
      @GoType("influxdb.Status") @Nullable String status,
      @GoType("platform.ID") @Nullable String orgID,
      @GoType("platform.ID") @Nullable String userID,
      @Nullable String description,
      @GoType("[]influxdb.Permission") @Nullable List<PermissionBody> permissions) {}

  @GoType("influxdb.AuthorizationUpdate")
  record AuthorizationUpdate(
      @GoType("influxdb.Status") @Nullable String status, @Nullable String description) {}

  record ResourceView(
      String type,
      @Nullable String id,
      @Nullable String orgID,
      @Nullable String name,
      @Nullable String org) {}

  record PermissionView(InfluxAction action, ResourceView resource) {

    static PermissionView of(InfluxPermission permission) {
      return of(permission, null, null);
    }

    static PermissionView of(
        InfluxPermission permission, @Nullable String name, @Nullable String org) {
      return new PermissionView(
          permission.action(),
          new ResourceView(permission.type(), permission.id(), permission.orgID(), name, org));
    }
  }

  record AuthorizationLinks(String self, String user) {

    static AuthorizationLinks of(String id, String userID) {
      return new AuthorizationLinks("/api/v2/authorizations/" + id, "/api/v2/users/" + userID);
    }
  }

  record AuthorizationView(
      String id,
      String token,
      String status,
      String description,
      String orgID,
      String org,
      String userID,
      String user,
      List<PermissionView> permissions,
      AuthorizationLinks links,
      String createdAt,
      String updatedAt) {

    /** Returns the id, without the token. */
    @Override
    public String toString() {
      return "AuthorizationView[" + id + "]";
    }
  }

  record AuthorizationList(Links links, List<AuthorizationView> authorizations) {}

  // Onboarding

  record SetupState(boolean allowed) {}

  @GoType("influxdb.OnboardingRequest")
  record Onboarding(
      @Nullable String username,
      @Nullable Password password,
      @Nullable String org,
      @Nullable String bucket,
      @Nullable Long retentionPeriodSeconds,
      @GoType("time.Duration") @Nullable Long retentionPeriodHrs,
      @Nullable Password token) {}

  record SetupAuthorization(
      String id,
      String token,
      @Nullable String hashedToken,
      String status,
      String description,
      String orgID,
      String userID,
      List<PermissionView> permissions,
      String createdAt,
      String updatedAt,
      AuthorizationLinks links) {

    /** Returns the id, without the token. */
    @Override
    public String toString() {
      return "SetupAuthorization[" + id + "]";
    }
  }

  record SetupDone(UserView user, BucketView bucket, OrgView org, SetupAuthorization auth) {}

  // Organizations

  /** The times are read and ignored. */
  @GoType("influxdb.Organization")
  record NewOrg(
      @GoType("platform.ID") @Nullable String id,
      @Nullable String name,
      @Nullable String description,
      @Nullable Instant createdAt,
      @Nullable Instant updatedAt) {}

  @GoType("influxdb.OrganizationUpdate")
  record OrgUpdate(
      @GoType(value = "string", member = "Name") @Nullable String name,
      @Nullable String description) {}

  record OrgLinks(
      String buckets,
      String dashboards,
      String labels,
      String logs,
      String members,
      String owners,
      String secrets,
      String self,
      String tasks) {}

  record OrgView(
      OrgLinks links,
      String id,
      String name,
      String description,
      String createdAt,
      String updatedAt) {

    /**
     * Returns the view of an organization. Its name is in the links unescaped, as with the server.
     */
    static OrgView of(Organization org) {
      var self = "/api/v2/orgs/" + org.id();
      var name = InfluxOrganizations.name(org);
      return new OrgView(
          new OrgLinks(
              "/api/v2/buckets?org=" + name,
              "/api/v2/dashboards?org=" + name,
              self + "/labels",
              self + "/logs",
              self + "/members",
              self + "/owners",
              self + "/secrets",
              self,
              "/api/v2/tasks?org=" + name),
          org.id().toString(),
          name,
          org.description(),
          GoTime.format(org.created()),
          GoTime.format(org.updated()));
    }
  }

  record OrgList(Links links, List<OrgView> orgs) {

    static OrgList of(List<Organization> orgs) {
      return new OrgList(new Links("/api/v2/orgs"), orgs.stream().map(OrgView::of).toList());
    }
  }

  record MemberView(
      String role, Links links, String id, String name, @Nullable String oauthID, String status) {

    static MemberView of(String role, User user) {
      var view = UserView.of(user);
      return new MemberView(
          role, view.links(), view.id(), view.name(), view.oauthID(), view.status());
    }
  }

  record MemberList(Links links, List<MemberView> users) {}

  // Secrets

  record SecretLinks(String org, String self) {}

  record SecretList(SecretLinks links, List<String> secrets) {

    static SecretList of(String orgID, List<String> names) {
      var org = "/api/v2/orgs/" + orgID;
      return new SecretList(new SecretLinks(org, org + "/secrets"), names);
    }
  }

  @GoType("secret.secretsDeleteBody")
  record SecretsToDelete(@GoType("[]string") @Nullable List<String> secrets) {}

  // Buckets and labels

  @GoType("tenant.retentionRule")
  record RetentionRule(
      @Nullable String type,
      @Nullable Long everySeconds,
      @Nullable Long shardGroupDurationSeconds) {}

  @GoType("tenant.postBucketRequest")
  record NewBucket(
      @GoType("platform.ID") @Nullable String orgID,
      @Nullable String name,
      @Nullable String description,
      @Nullable String rp,
      @GoType("[]tenant.retentionRule") @Nullable List<RetentionRule> retentionRules) {}

  @GoType("tenant.bucketUpdate")
  record BucketUpdate(
      @Nullable String name,
      @Nullable String description,
      @GoType("[]tenant.retentionRuleUpdate") @Nullable List<RetentionRule> retentionRules) {}

  record BucketLinks(
      String labels, String members, String org, String owners, String self, String write) {}

  record BucketView(
      String id,
      String orgID,
      String type,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String description,
      String name,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String rp,
      List<RetentionRule> retentionRules,
      String createdAt,
      String updatedAt,
      BucketLinks links,
      List<LabelBody> labels) {

    static BucketView of(Organization org, InfluxBucket bucket, List<LabelBody> labels) {
      var self = "/api/v2/buckets/" + bucket.id();
      return new BucketView(
          bucket.id(),
          org.id().toString(),
          bucket.system() ? "system" : "user",
          bucket.description(),
          bucket.name(),
          bucket.rp(),
          bucket.everySeconds() > 0 || bucket.shardGroupSeconds() > 0
              ? List.of(
                  new RetentionRule("expire", bucket.everySeconds(), bucket.shardGroupSeconds()))
              : List.of(),
          bucket.createdAt(),
          bucket.updatedAt(),
          new BucketLinks(
              self + "/labels",
              self + "/members",
              "/api/v2/orgs/" + org.id(),
              self + "/owners",
              self,
              "/api/v2/write?org=" + org.id() + "&bucket=" + bucket.id()),
          labels);
    }
  }

  record PagingLinks(@Nullable String prev, String self, @Nullable String next) {}

  record BucketList(PagingLinks links, List<BucketView> buckets) {}

  /** A label as it is sent, stored and shown. */
  @GoType("influxdb.Label")
  record LabelBody(
      @GoType("platform.ID") @Nullable String id,
      @GoType("platform.ID") @Nullable String orgID,
      @Nullable String name,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable Map<String, String> properties) {

    /** Sorts the properties: Go writes maps in the order of their keys. */
    LabelBody {
      properties = properties == null ? null : new TreeMap<>(properties);
    }

    String nameOrNone() {
      return Optional.ofNullable(name).orElse("");
    }
  }

  @GoType("influxdb.LabelUpdate")
  record LabelUpdate(@Nullable String name, @Nullable Map<String, String> properties) {}

  record LabelView(Links links, LabelBody label) {

    static LabelView of(LabelBody label) {
      return new LabelView(new Links("/api/v2/labels/" + label.id()), label);
    }
  }

  record LabelList(Links links, List<LabelBody> labels) {

    static LabelList of(List<LabelBody> labels) {
      return new LabelList(new Links("/api/v2/labels"), labels);
    }
  }

  @GoType("influxdb.LabelMapping")
  record LabelMapping(
      @GoType("platform.ID") @Nullable String labelID,
      @GoType("platform.ID") @Nullable String resourceID,
      @GoType("influxdb.ResourceType") @Nullable String resourceType) {}

  /** The label of a mapping whose other members have wrong types, which Go's decoder fills in. */
  @GoType("influxdb.LabelMapping")
  record MappedLabel(@GoType("platform.ID") @Nullable String labelID) {}
}
