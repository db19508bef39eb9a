package dev.doppel.influx;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorError;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** The errors of InfluxDB (2.9.1: kit/transport/http/error_handler.go, kit/platform/errors). */
final class InfluxErrors {

  private static final String RESET = "error decoding password reset request: ";
  private static final String BAD_ROUTE = "invalid user ID provided in route";
  private static final String STATUS_MUST_BE = "invalid status: must be active or inactive";

  // From the resource handlers: indented JSON.

  static final VendorError INVALID = error(400, "invalid", "%s");

  /** A body that is no JSON or has wrong types. */
  static final VendorError UNREADABLE_BODY =
      InfluxDifference.UNREADABLE_BODY.error(INVALID, error(500, "internal error", "%s"));

  /** The same for PUT of a password. */
  static final VendorError UNREADABLE_RESET =
      InfluxDifference.UNREADABLE_BODY.error(
          error(400, "invalid", RESET + "%s"), error(500, "internal error", RESET + "%s"));

  static final VendorError INVALID_STATUS = error(400, "invalid", STATUS_MUST_BE);
  static final VendorError KEY_REQUIRED = error(400, "empty value", "key required");
  static final VendorError NO_NAME =
      InfluxDifference.NO_NAME.error(
          error(422, "unprocessable entity", "key required"), KEY_REQUIRED);
  static final VendorError UNKNOWN_STATUS = error(422, "unprocessable entity", STATUS_MUST_BE);
  static final VendorError KEY_TOO_LARGE = error(413, "request too large", "key too large");
  static final VendorError UNAUTHORIZED = error(401, "unauthorized", "unauthorized access");
  static final VendorError NO_BASIC =
      InfluxDifference.PASSWORD_WITHOUT_BASIC.error(
          UNAUTHORIZED, error(500, "internal error", RESET + "invalid basic auth"));

  /** What the server answers behind an error of {@code PUT /me/password}. */
  private static final VendorError PANIC =
      (call, failure) ->
          Reply.of(
              500,
              new InfluxWire.ErrorBody(
                  "internal error",
                  "a panic has occurred: "
                      + call.uri()
                      + ": runtime error: slice bounds out of range [-1:]"));

  static final VendorError UNREADABLE_OWN_RESET =
      InfluxDifference.SECOND_ERROR.error(UNREADABLE_RESET, twice(UNREADABLE_RESET, PANIC));
  static final VendorError NO_BASIC_FOR_OWN =
      InfluxDifference.SECOND_ERROR.error(NO_BASIC, twice(NO_BASIC, PANIC));
  static final VendorError BAD_ROUTE_ID =
      InfluxDifference.MALFORMED_ID_OF_A_PASSWORD.error(
          error(400, "invalid", BAD_ROUTE), error(500, "internal error", BAD_ROUTE));
  static final VendorError NOT_PERMITTED = error(401, "unauthorized", "%s is unauthorized");
  static final VendorError USER_NOT_FOUND = error(404, "not found", "user not found");
  static final VendorError PATH_NOT_FOUND = error(404, "not found", "path not found");
  static final VendorError NAME_TAKEN = error(422, "conflict", "user with name %s already exists");
  static final VendorError ID_TAKEN = error(422, "conflict", "user with ID %s already exists");
  static final VendorError INCORRECT_USER = error(403, "forbidden", "your userID is incorrect");
  static final VendorError INCORRECT_PASSWORD =
      error(403, "forbidden", "your username or password is incorrect");
  static final VendorError INACTIVE_SIGN_IN = error(403, "forbidden", "User is inactive");
  static final VendorError PASSWORD_CHANGE_REQUIRED =
      error(403, "forbidden", "password change required\n%s");

  static final VendorError LAST_ADMINISTRATOR =
      error(403, "forbidden", "the last active operator cannot be deleted or deactivated");

  static final VendorError CONFIG_NEEDS_OPERATOR =
      error(401, "unauthorized", "access to /api/v2/config requires operator permissions");
  static final VendorError TOKEN_INACTIVE = error(401, "unauthorized", "token is inactive");
  static final VendorError AUTHORIZATION_MALFORMED =
      error(400, "invalid", "invalid json structure: %s");
  static final VendorError PERMISSION_NOT_ALLOWED =
      error(403, "forbidden", "permission %s is not allowed: %s is unauthorized");
  static final VendorError INSTANCE_TYPE =
      error(
          500,
          "internal error",
          "authorizations cannot be created with the instance type, it is only used during setup");
  static final VendorError UNABLE_TO_CREATE_TOKEN = error(400, "invalid", "unable to create token");
  static final VendorError UNKNOWN_AUTHORIZATION_STATUS_2_7 =
      error(400, "invalid", "unknown authorization status");
  static final VendorError UNKNOWN_AUTHORIZATION_STATUS =
      error(400, "invalid", "encodeAuthorization: unknown authorization status");

  static final VendorError ONBOARDING_COMPLETED =
      error(422, "conflict", "onboarding has already been completed");
  static final VendorError ONBOARDING_FIELDS =
      error(422, "unprocessable entity", "onboarding failed: missing required fields [%s]");

  static final VendorError UNMARSHAL = error(400, "invalid", "failed to unmarshal json: %s");
  static final VendorError UNPROCESSABLE = error(422, "unprocessable entity", "%s");
  static final VendorError ORG_NOT_FOUND = error(404, "not found", "organization not found");
  static final VendorError ORGANIZATION_NAME_NOT_FOUND =
      error(404, "not found", "organization name \"%s\" not found");
  static final VendorError ORG_NAME_EMPTY = error(400, "invalid", "org name is empty");
  static final VendorError ORG_ID_MISSING =
      error(400, "invalid", "organization id must be provided");
  static final VendorError CORRUPT_ID = error(400, "invalid", "corrupt ID provided: %s");
  static final VendorError NOT_FOUND = error(404, "not found", "not found");
  static final VendorError NO_SUCH_PAGE = error(404, "not found", "404 page not found");
  static final VendorError USER_ID_MISSING = error(400, "invalid", "user id missing or invalid");
  static final VendorError ALREADY_MAPPED =
      error(
          500,
          "internal error",
          "Unexpected error when assigning user to a resource: mapping for user %s already exists");

  static final VendorError BUCKET_NOT_FOUND = error(404, "not found", "bucket not found");
  static final VendorError BUCKET_NAME_NOT_FOUND = error(404, "not found", "bucket %s not found");
  static final VendorError BUCKET_TAKEN =
      error(422, "conflict", "bucket with name %s already exists");
  static final VendorError BUCKET_NOT_UNIQUE = error(422, "conflict", "bucket name is not unique");
  static final VendorError BUCKET_UNDERSCORE =
      error(400, "invalid", "bucket name %s is invalid. Buckets may not start with underscore");
  static final VendorError BUCKET_QUOTATION =
      error(
          400,
          "invalid",
          "bucket name %s is invalid. Bucket names may not include quotation marks");
  static final VendorError RETENTION_TOO_SHORT =
      error(500, "internal error", "retention policy duration must be at least 1h0m0s");
  static final VendorError SHARD_GROUP_TOO_LONG =
      error(
          500,
          "internal error",
          "retention policy duration must be greater than the shard duration");
  static final VendorError SHARD_GROUP_NOT_UPDATED =
      error(
          422,
          "unprocessable entity",
          "shard-group duration must also be updated to be smaller than new retention duration");
  static final VendorError SYSTEM_BUCKET = error(400, "invalid", "system buckets cannot be %s");
  static final VendorError LABEL_NOT_FOUND = error(404, "not found", "label not found");
  static final VendorError LABEL_WITHOUT_ORG = error(400, "invalid", "orgID is required");
  static final VendorError LABEL_NAME_EMPTY = error(400, "invalid", "label name is required");
  static final VendorError LABEL_TAKEN =
      error(422, "conflict", "label with name %s already exists");
  static final VendorError LABEL_ID_MISSING = error(400, "invalid", "label id is required");

  /** The first error about the body of a mapping, after which the server goes on. */
  static final VendorError FIRST_OF_MAPPING =
      error(400, "invalid", "Invalid post label map request");

  static final VendorError UNREADABLE_MAPPING =
      InfluxDifference.SECOND_ERROR.error(
          FIRST_OF_MAPPING, twice(FIRST_OF_MAPPING, LABEL_ID_MISSING));
  static final VendorError LABEL_ON_RESOURCE =
      error(422, "conflict", "Cannot add label, label already exists on resource");

  // From the authentication step: compact JSON.

  static final VendorError NOT_AUTHENTICATED = compact(401, "unauthorized", "unauthorized access");

  /** From the API of InfluxDB 1.x (v1/authorization/authorizer.go). */
  static final VendorError OLD_UNAUTHORIZED = compact(401, "unauthorized", "Unauthorized");

  static final VendorError USER_INACTIVE = compact(403, "forbidden", "User is inactive");

  /** From the router below a resource: plain text, and without the header of other errors. */
  static final VendorError PAGE_NOT_FOUND =
      (call, failure) ->
          Reply.text(404, "text/plain; charset=utf-8", "404 page not found\n")
              .with("X-Content-Type-Options", "nosniff");

  static final VendorError METHOD_NOT_ALLOWED = (call, failure) -> Reply.empty(405);

  /** From the router of a bucket's labels. */
  static final VendorError METHOD_NOT_ALLOWED_IN_JSON = error(405, "method not allowed", "allow: ");

  /** To a method that no router knows: before everything else. */
  static final Reply UNKNOWN_METHOD = Reply.empty(405);

  private InfluxErrors() {}

  static VendorError of(Reason reason) {
    return switch (reason) {
      case NO_CREDENTIALS, BAD_CREDENTIALS, EXPIRED_CREDENTIALS -> NOT_AUTHENTICATED;
      case INACTIVE_USER -> USER_INACTIVE;
      case FORBIDDEN -> NOT_PERMITTED;
      case LAST_ADMINISTRATOR -> LAST_ADMINISTRATOR;
      case WRONG_SIGN_IN, NO_SECOND_FACTOR, WRONG_SECOND_FACTOR -> UNAUTHORIZED;
      case WRONG_PASSWORD -> INCORRECT_PASSWORD;
      case NO_SUCH_USER -> USER_NOT_FOUND;
      case USER_EXISTS -> NAME_TAKEN;
      case USER_ID_EXISTS -> ID_TAKEN;
      case NO_SUCH_TOKEN -> error(404, "not found", "authorization not found");
      case NO_SUCH_ROLE -> error(404, "not found", "role not found");
      case ROLE_EXISTS -> error(422, "conflict", "role with name %s already exists");
      case NO_SUCH_ORGANIZATION -> ORG_NOT_FOUND;
      case ORGANIZATION_EXISTS ->
          error(422, "conflict", "organization with name %s already exists");
      case MALFORMED_BODY -> UNREADABLE_BODY;
      case INVALID_VALUE, INVALID_ID, INVALID_PASSWORD, UNSUPPORTED_VERSION -> INVALID;
      case NO_SUCH_PATH -> PATH_NOT_FOUND;
      case WRONG_METHOD -> METHOD_NOT_ALLOWED;
      case UNSUPPORTED_MEDIA_TYPE -> error(415, "unsupported media type", "unsupported media type");
      case BODY_TOO_LARGE -> error(413, "request too large", "request body too large");
      case HEADERS_TOO_LARGE -> error(413, "request too large", "request header too large");
      case NOT_SUPPORTED -> error(501, "not implemented", "%s is not implemented");
      case TIMED_OUT -> error(503, "unavailable", "request timed out");
      case OVERLOADED -> error(429, "too many requests", "too many requests");
      case UNAVAILABLE -> error(503, "unavailable", "store unavailable");
      case INTERNAL -> error(500, "internal error", "An internal error has occurred");
    };
  }

  /**
   * Returns an error of a resource handler.
   *
   * @param message may have {@code %s} for the failure's subject
   */
  static VendorError error(int status, String code, String message) {
    return (call, failure) ->
        Reply.of(status, new InfluxWire.ErrorBody(code, text(message, failure)))
            .with("X-Platform-Error-Code", code);
  }

  /** Returns whether the server itself would refuse the request, unlike a failure of Doppel. */
  static boolean isVendors(Throwable thrown) {
    var reason = Failure.from(thrown).reason();
    return thrown instanceof VendorErrorException
        || reason == Reason.FORBIDDEN
        || reason == Reason.NO_SUCH_ORGANIZATION;
  }

  /**
   * Returns the answer of a handler that goes on after its first error: that one, with the body of
   * the second behind its own.
   */
  static VendorError twice(VendorError first, VendorError second) {
    return (call, failure) -> joined(first.reply(call, failure), second.reply(call, failure));
  }

  /** Returns the first answer with the body of the second behind its own. */
  static Reply joined(Reply first, Reply second) {
    var bodies = Buffer.buffer();
    first.body().ifPresent(body -> bodies.appendBuffer(json(body)));
    second.body().ifPresent(body -> bodies.appendBuffer(json(body)));
    return new Reply(first.status(), Optional.of(bodies), first.headers());
  }

  private static Buffer json(Object body) {
    try {
      return Buffer.buffer(InfluxWire.JSON.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a body that is not JSON", e);
    }
  }

  private static VendorError compact(int status, String code, String message) {
    try {
      var body =
          Buffer.buffer(
              InfluxWire.COMPACT_JSON.writeValueAsBytes(new InfluxWire.ErrorBody(code, message)));
      var reply = Reply.of(status, body).with("X-Platform-Error-Code", code);
      return (call, failure) -> reply;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("two strings are always JSON", e);
    }
  }

  private static String text(String message, Failure failure) {
    return message.replace("%s", failure.subject().orElse(""));
  }
}
