package dev.doppel.workspace;

import dev.doppel.dialect.Fault;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.workspace.WorkspaceWire.Errors;
import dev.doppel.workspace.WorkspaceWire.Failed;
import dev.doppel.workspace.WorkspaceWire.InvalidField;
import io.vertx.core.Future;
import java.util.List;

/**
 * How the Workspace API says no. 1xxx is the framework, 3xxx entities and validation, 4xxx who asks
 * and what they may do, 5xxx business rules; what its pages print and what its clients have seen.
 */
final class WorkspaceFaults {

  static final Fault ROUTE_NOT_FOUND = fault(404, 1002, "Route not found");
  static final Fault VALIDATION_ERROR = fault(400, 3000, "Validation Error");
  static final Fault ENTITY_NOT_FOUND = fault(404, 3001, "Entity not found");
  static final Fault UNAUTHORIZED = fault(401, 4001, "Unauthorized");
  static final Fault NO_AUTH_TOKEN = fault(401, 4002, "No auth token");
  static final Fault FORBIDDEN =
      fault(403, 4003, "Forbidden - You are not allowed to perform this action");
  static final Fault INVALID_TOKEN = fault(401, 4004, "Invalid Token");
  static final Fault TOKEN_EXPIRED = fault(401, 4005, "Token Expired");
  static final Fault INVALID_CREDENTIALS = fault(403, 4006, "Invalid Credentials");
  static final Fault ALREADY_REGISTERED =
      fault(
          403,
          4009,
          "The operation can not be completed at this time. If you already registered an account"
              + " with this email address, try to log-in");
  static final Fault TOKEN_PAIR_INVALID =
      fault(401, 4011, "Last access token and refresh token invalid");
  static final Fault INCORRECT_OLD_PASSWORD = fault(400, 5023, "Incorrect old password");
  static final Fault INVALID_EMAIL_DOMAIN = fault(400, 5035, "Invalid email domain");
  static final Fault INSUFFICIENT_COMPLEXITY = fault(400, 5057, "Insufficient Password Complexity");
  static final Fault NOT_IMPLEMENTED = fault(400, 5138, "Not implemented");

  private WorkspaceFaults() {}

  /**
   * For {@link Future#recover}: what the caller's authority doesn't reach, as its pages tell it.
   */
  static <T> Future<T> forbidden(Throwable thrown) {
    return Future.failedFuture(
        thrown instanceof Failure failure && failure.reason() == Reason.FORBIDDEN
            ? FORBIDDEN.refuse(Reason.FORBIDDEN)
            : thrown);
  }

  static Fault of(Reason reason) {
    return switch (reason) {
      case NO_CREDENTIALS -> NO_AUTH_TOKEN;
      case BAD_CREDENTIALS, INACTIVE_USER -> INVALID_TOKEN;
      case EXPIRED_CREDENTIALS -> TOKEN_EXPIRED;
      case FORBIDDEN -> UNAUTHORIZED;
      case LAST_ADMINISTRATOR -> FORBIDDEN;
      case WRONG_SIGN_IN -> INVALID_CREDENTIALS;
      case WRONG_PASSWORD -> INCORRECT_OLD_PASSWORD;
      case INVALID_PASSWORD -> INSUFFICIENT_COMPLEXITY;
      case NO_SUCH_USER, NO_SUCH_TOKEN, NO_SUCH_ROLE, NO_SUCH_ORGANIZATION, INVALID_ID ->
          ENTITY_NOT_FOUND;
      case USER_EXISTS, USER_ID_EXISTS, ROLE_EXISTS, ORGANIZATION_EXISTS -> VALIDATION_ERROR;
      case MALFORMED_BODY, INVALID_VALUE, UNSUPPORTED_MEDIA_TYPE -> VALIDATION_ERROR;
      case BODY_TOO_LARGE -> fault(413, 3000, "Validation Error");
      case HEADERS_TOO_LARGE -> fault(431, 3000, "Validation Error");
      case NO_SUCH_PATH, WRONG_METHOD, UNSUPPORTED_VERSION -> ROUTE_NOT_FOUND;
      case NOT_SUPPORTED -> NOT_IMPLEMENTED;
      case TIMED_OUT -> fault(408, 1000, "Internal error");
      case OVERLOADED ->
          (call, failure) ->
              Reply.of(429, Failed.of(4029, "Too many requests")).with("Retry-After", "1");
      case UNAVAILABLE -> fault(503, 1000, "Internal error");
      case INTERNAL -> fault(500, 1000, "Internal error");
    };
  }

  /** A body with members that are missing or not allowed, all of them. */
  static Fault invalid(List<InvalidField> fields) {
    var body = Failed.of(3000, "Validation Error", new Errors(fields));
    return (call, failure) -> Reply.of(400, body);
  }

  private static Fault fault(int status, int code, String message) {
    return (call, failure) -> Reply.of(status, Failed.of(code, message));
  }
}
