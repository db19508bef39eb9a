package dev.doppel.influx;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.doppel.dialect.Fault;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.buffer.Buffer;

/** How InfluxDB says no (2.9.1: kit/transport/http/error_handler.go, kit/platform/errors). */
final class InfluxFaults {

  static final String STATUS_MUST_BE = "invalid status: must be active or inactive";

  /** From the resource handlers: indented. */
  static final Fault INVALID = fault(400, "invalid", "%s");

  static final Fault INVALID_STATUS = fault(400, "invalid", STATUS_MUST_BE);
  static final Fault KEY_REQUIRED = fault(400, "empty value", "key required");
  static final Fault KEY_TOO_LARGE = fault(413, "request too large", "key too large");
  static final Fault UNAUTHORIZED = fault(401, "unauthorized", "unauthorized access");
  static final Fault NOT_PERMITTED = fault(401, "unauthorized", "%s is unauthorized");
  static final Fault USER_NOT_FOUND = fault(404, "not found", "user not found");
  static final Fault PATH_NOT_FOUND = fault(404, "not found", "path not found");
  static final Fault NAME_TAKEN = fault(422, "conflict", "user with name %s already exists");
  static final Fault ID_TAKEN = fault(422, "conflict", "user with ID %s already exists");
  static final Fault INCORRECT_USER = fault(403, "forbidden", "your userID is incorrect");
  static final Fault INCORRECT_PASSWORD =
      fault(403, "forbidden", "your username or password is incorrect");
  static final Fault INACTIVE_SIGN_IN = fault(403, "forbidden", "User is inactive");
  static final Fault PASSWORD_LENGTH = fault(400, "invalid", InfluxPasswords.LENGTH_MESSAGE);
  static final Fault PASSWORD_CHANGE_REQUIRED =
      fault(403, "forbidden", "password change required\n" + InfluxPasswords.LENGTH_MESSAGE);

  /** From the authentication step: compact. */
  static final Fault NOT_AUTHENTICATED = compact(401, "unauthorized", "unauthorized access");

  static final Fault USER_INACTIVE = compact(403, "forbidden", "User is inactive");

  /** From the router below a resource: plain text, and without the header of other errors. */
  static final Fault PAGE_NOT_FOUND =
      (call, failure) ->
          Reply.text(404, "text/plain; charset=utf-8", "404 page not found\n")
              .with("X-Content-Type-Options", "nosniff");

  static final Fault METHOD_NOT_ALLOWED = (call, failure) -> Reply.empty(405);

  private InfluxFaults() {}

  static Fault of(Reason reason) {
    return switch (reason) {
      case NO_CREDENTIALS, BAD_CREDENTIALS, EXPIRED_CREDENTIALS -> NOT_AUTHENTICATED;
      case INACTIVE_USER -> USER_INACTIVE;
      case FORBIDDEN -> NOT_PERMITTED;
      case WRONG_SIGN_IN -> UNAUTHORIZED;
      case WRONG_PASSWORD -> INCORRECT_PASSWORD;
      case NO_SUCH_USER -> USER_NOT_FOUND;
      case USER_EXISTS -> NAME_TAKEN;
      case USER_ID_EXISTS -> ID_TAKEN;
      case NO_SUCH_TOKEN -> fault(404, "not found", "authorization not found");
      case NO_SUCH_ROLE -> fault(404, "not found", "role not found");
      case ROLE_EXISTS -> fault(422, "conflict", "role with name %s already exists");
      case NO_SUCH_ORGANIZATION -> fault(404, "not found", "organization not found");
      case ORGANIZATION_EXISTS ->
          fault(422, "conflict", "organization with name %s already exists");
      case MALFORMED_BODY, INVALID_VALUE, INVALID_ID, UNSUPPORTED_VERSION -> INVALID;
      case INVALID_PASSWORD -> PASSWORD_LENGTH;
      case NO_SUCH_PATH -> PATH_NOT_FOUND;
      case WRONG_METHOD -> METHOD_NOT_ALLOWED;
      case UNSUPPORTED_MEDIA_TYPE -> fault(415, "unsupported media type", "unsupported media type");
      case BODY_TOO_LARGE -> fault(413, "request too large", "request body too large");
      case HEADERS_TOO_LARGE -> fault(413, "request too large", "request header too large");
      case NOT_SUPPORTED -> fault(501, "not implemented", "%s is not implemented");
      case TIMED_OUT -> fault(503, "unavailable", "request timed out");
      case OVERLOADED -> fault(429, "too many requests", "too many requests");
      case UNAVAILABLE -> fault(503, "unavailable", "store unavailable");
      case INTERNAL -> fault(500, "internal error", "An internal error has occurred");
    };
  }

  /**
   * An error of a resource handler.
   *
   * @param message may hold one {@code %s} for the failure's subject
   */
  static Fault fault(int status, String code, String message) {
    return (call, failure) ->
        Reply.of(status, new InfluxWire.ErrorBody(code, text(message, failure)))
            .with("X-Platform-Error-Code", code);
  }

  private static Fault compact(int status, String code, String message) {
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
