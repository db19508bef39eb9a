package dev.doppel.migration;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The buckets of {@code influxd.bolt} that have to do with users, and their values: JSON as Go
 * writes it. Ids are 16 lower-case hexadecimal digits (influxdb 2.9.1: {@code
 * tenant/storage_user.go}, {@code tenant/storage_org.go}, {@code tenant/storage_urm.go}, {@code
 * authorization/storage.go}).
 */
final class InfluxBolt {

  /** By user id. */
  static final String USERS = "usersv1";

  /** By user id: the bcrypt string. */
  static final String PASSWORDS = "userspasswordv1";

  /** By organization id. */
  static final String ORGANIZATIONS = "organizationsv1";

  /** By resource id and user id. */
  static final String MAPPINGS = "userresourcemappingsv1";

  /** By user id, a slash, and the key of the mapping, which is also the value. */
  static final String MAPPINGS_BY_USER = "userresourcemappingsbyuserindexv1";

  /** By authorization id. */
  static final String AUTHORIZATIONS = "authorizationsv1";

  /** Authorizations of InfluxDB 1.x, by authorization id. */
  static final String LEGACY_AUTHORIZATIONS = "legacy/authorizationsv1";

  /** The types of resources that a mapping can be to ({@code authz.go}). */
  static final Set<String> RESOURCE_TYPES =
      Set.of(
          "authorizations",
          "buckets",
          "dashboards",
          "orgs",
          "sources",
          "tasks",
          "telegrafs",
          "users",
          "variables",
          "scrapers",
          "secrets",
          "labels",
          "views",
          "documents",
          "notificationRules",
          "notificationEndpoints",
          "checks",
          "dbrp",
          "notebooks",
          "annotations",
          "remotes",
          "replications",
          "instance");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private InfluxBolt() {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record UserValue(
      @Nullable String id,
      @Nullable String name,
      @Nullable String status,
      @Nullable String oauthID) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record OrganizationValue(
      @Nullable String id,
      @Nullable String name,
      @Nullable String description,
      @Nullable String createdAt,
      @Nullable String updatedAt) {}

  /**
   * A mapping.
   *
   * @param mappingType 0 of a user, 1 of an organization
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record MappingValue(
      @Nullable String userID,
      @Nullable String userType,
      int mappingType,
      @Nullable String resourceType,
      @Nullable String resourceID) {}

  /** An authorization: either the token or its hash is there. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record AuthorizationValue(
      @Nullable String id,
      @Nullable String token,
      @Nullable String hashedToken,
      @Nullable String status,
      @Nullable String description,
      @Nullable String orgID,
      @Nullable String userID,
      @Nullable List<PermissionValue> permissions,
      @Nullable String createdAt,
      @Nullable String updatedAt) {

    @Override
    public String toString() {
      return "AuthorizationValue[hidden]";
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record PermissionValue(@Nullable String action, @Nullable ResourceValue resource) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record ResourceValue(@Nullable String type, @Nullable String id, @Nullable String orgID) {}

  /** Parses a value; empty if it isn't of the type. */
  static <T> Optional<T> parse(byte[] value, Class<T> type) {
    try {
      return Optional.ofNullable(JSON.readValue(value, type));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Parses a time; returns the default if there is none. */
  static Instant time(@Nullable String text, Instant defaultTime) {
    try {
      return text == null ? defaultTime : Instant.parse(text);
    } catch (DateTimeException e) {
      return defaultTime;
    }
  }
}
