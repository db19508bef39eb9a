package dev.doppel.vcloud;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.ClientJson;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of requests and responses, with VCD's names in VCD's order. Members without a value
 * are written as null.
 */
final class VcloudWire {

  static final ObjectMapper JSON =
      JsonMapper.builder(
              ClientJson.factory()
                  .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .addModule(new SimpleModule().addDeserializer(Password.class, new PasswordDeserializer()))
          .build();

  private VcloudWire() {}

  record ErrorBody(String minorErrorCode, String message, @Nullable String stackTrace) {}

  /** A reference to an entity. In requests, either member may be absent. */
  record EntityReference(@Nullable String name, @Nullable String id) {}

  record Role(String name, String id, String description, String bundleKey, boolean readOnly) {}

  record Right(
      String name,
      String id,
      String description,
      String bundleKey,
      String category,
      @Nullable String serviceNamespace,
      String rightType,
      List<EntityReference> impliedRights) {}

  record RightsCategoryNode(
      String name,
      String id,
      String bundleKey,
      @Nullable String parent,
      RightsCount rightsCount,
      List<String> subCategories) {}

  /** The numbers of a category's rights, by type. */
  record RightsCount(int view, int modify) {

    RightsCount plus(RightsCount other) {
      return new RightsCount(view + other.view, modify + other.modify);
    }
  }

  /** A global role or a rights bundle. */
  record Published(
      String name,
      String id,
      String description,
      String bundleKey,
      boolean readOnly,
      boolean publishAll) {}

  /** A role, global role or rights bundle in a request. Members that can't be set are ignored. */
  record ContainerRequest(
      @Nullable String name, @Nullable String id, @Nullable String description) {}

  /** An organization in a request. Members that can't be set are ignored. */
  record OrgRequest(
      @Nullable String name,
      @Nullable String id,
      @Nullable String displayName,
      @Nullable String description,
      @Nullable Boolean isEnabled) {}

  /** References in a request, such as to the rights of a role. */
  record References(@Nullable List<@Nullable EntityReference> values) {}

  /**
   * An API token.
   *
   * @param token always null: the secret is returned only at creation
   * @param type {@code REFRESH} for API tokens
   */
  record Token(
      String id,
      String name,
      @Nullable String token,
      @Nullable String expirationTimeUtc,
      EntityReference owner,
      EntityReference org,
      String type) {}

  /** A service account, in requests and responses. */
  record ServiceAccount(
      @Nullable String id,
      @Nullable String name,
      @Nullable String softwareId,
      @Nullable String softwareVersion,
      @Nullable EntityReference role,
      @Nullable String uri,
      @Nullable EntityReference org,
      @Nullable String status) {}

  /** Quotas, in requests and responses. */
  record Quotas(@Nullable List<@Nullable Object> quotaPools) {}

  /** The quota policy of an entity, in requests and responses. */
  record AssignedQuotaPolicy(@Nullable EntityReference quotaPolicyReference) {}

  /** The code that a device shows its user. */
  record DeviceInfo(@Nullable String userCode) {}

  /** A user in a request. Absent members are null, and members that can't be set are ignored. */
  record VcdUser(
      @Nullable String username,
      @Nullable String fullName,
      @Nullable String description,
      @Nullable String id,
      @Nullable List<@Nullable EntityReference> roleEntityRefs,
      @Nullable EntityReference orgEntityRef,
      @Nullable Password password,
      @Nullable Integer deployedVmQuota,
      @Nullable Integer storedVmQuota,
      @Nullable String email,
      @Nullable Boolean enabled,
      @Nullable String providerType,
      @Nullable String phone) {}

  record PasswordChangeRequest(
      @Nullable Password currentPassword, @Nullable Password newPassword) {}

  /** Reads a password from a text, and from nothing else. */
  private static final class PasswordDeserializer extends JsonDeserializer<Password> {
    @Override
    public Password deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser.hasToken(JsonToken.VALUE_STRING)
          ? new Password(parser.getText())
          : (Password) context.handleUnexpectedToken(Password.class, parser);
    }
  }

  record Session(
      String id,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable EntityReference site,
      EntityReference user,
      EntityReference org,
      String location,
      List<String> roles,
      List<EntityReference> roleRefs,
      int sessionIdleTimeoutMinutes) {}

  record Page(
      long resultTotal,
      long pageCount,
      int page,
      int pageSize,
      @Nullable Object associations,
      List<?> values) {}

  /**
   * Reads a body.
   *
   * @throws Failure UNSUPPORTED_MEDIA_TYPE, or MALFORMED_BODY with a message that quotes no value
   */
  static <T> T read(Call call, Class<T> type) {
    var media = call.header("Content-Type").orElse("").split(";", 2)[0].strip();
    if (!media.equalsIgnoreCase("application/json")) {
      throw Failure.of(Reason.UNSUPPORTED_MEDIA_TYPE);
    }
    try {
      var value = JSON.readValue(call.body().getBytes(), type);
      if (value == null) {
        throw Failure.of(Reason.MALFORMED_BODY, "The request body is empty.");
      }
      return value;
    } catch (JsonMappingException wrongType) {
      throw Failure.of(Reason.MALFORMED_BODY, message(wrongType));
    } catch (IOException notJson) { // malformed JSON or malformed UTF-8
      throw Failure.of(Reason.MALFORMED_BODY, "The request body is not valid JSON.");
    }
  }

  /** Returns whether a client accepts JSON on a path that responds in XML by default. */
  static boolean acceptsJson(Call call) {
    var accepted = call.header("Accept").orElse("").split(";", 2)[0].strip();
    return accepted.endsWith("+json") || accepted.equals("application/json");
  }

  /** Returns a response of the older API. */
  static Reply xml(Call call, int status, String type, VcloudXml root) {
    return Reply.text(
        status, type + ";version=" + VcloudVersion.responseVersion(call), root.document());
  }

  private static String message(JsonMappingException wrongType) {
    var path =
        wrongType.getPath().stream()
            .map(JsonMappingException.Reference::getFieldName)
            .collect(Collectors.joining("."));
    return path.isEmpty()
        ? "The request body is not a JSON object."
        : "The property " + path + " has a value of the wrong type.";
  }
}
