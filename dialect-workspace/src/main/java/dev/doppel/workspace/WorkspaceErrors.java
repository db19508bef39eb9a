package dev.doppel.workspace;

import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorError;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.workspace.WorkspaceWire.Errors;
import dev.doppel.workspace.WorkspaceWire.Failed;
import io.vertx.core.Future;
import java.util.List;

/**
 * The Workspace API's errors, as its pages print them or its clients have seen them. Codes 1xxx are
 * of the framework, 3xxx of entities and validation, 4xxx of authentication and authorization, 5xxx
 * of business rules.
 */
final class WorkspaceErrors {

  static final VendorError ROUTE_NOT_FOUND = error(404, 1002, "Route not found");
  static final VendorError VALIDATION_ERROR = error(400, 3000, "Validation Error");
  static final VendorError ENTITY_NOT_FOUND = error(404, 3001, "Entity not found");
  static final VendorError UNAUTHORIZED = error(401, 4001, "Unauthorized");
  static final VendorError NO_AUTH_TOKEN = error(401, 4002, "No auth token");
  static final VendorError FORBIDDEN =
      error(403, 4003, "Forbidden - You are not allowed to perform this action");
  static final VendorError INVALID_TOKEN = error(401, 4004, "Invalid Token");
  static final VendorError TOKEN_EXPIRED = error(401, 4005, "Token Expired");
  static final VendorError EXPIRED_TOKEN =
      WorkspaceDifference.EXPIRED_TOKEN.error(INVALID_TOKEN, TOKEN_EXPIRED);
  static final VendorError EXPIRED_TOKEN_FOR_AN_ACCOUNT =
      WorkspaceDifference.EXPIRED_TOKEN.error(UNAUTHORIZED, TOKEN_EXPIRED);
  static final VendorError REFUSED_TOKEN_FOR_AN_ACCOUNT =
      WorkspaceDifference.REFUSED_TOKEN_FOR_AN_ACCOUNT.error(UNAUTHORIZED, INVALID_TOKEN);
  static final VendorError INVALID_CREDENTIALS = error(403, 4006, "Invalid Credentials");
  static final VendorError REPEATED_TOO_SOON = error(400, 4007, "Same action repeated too soon");
  static final VendorError ALREADY_REGISTERED =
      error(
          403,
          4009,
          "The operation can not be completed at this time. If you already registered an account"
              + " with this email address, try to log-in");
  static final VendorError TOKEN_PAIR_INVALID =
      error(401, 4011, "Last access token and refresh token invalid");
  static final VendorError INVALID_TWO_FACTOR_CODE = error(401, 4013, "Invalid 2FA code");
  static final VendorError REQUIRED_TWO_FACTOR_CODE = error(401, 4014, "Required two factor code");
  static final VendorError LIMIT_EXCEEDED = error(400, 5003, "Limit Exceeded");
  static final VendorError INCORRECT_OLD_PASSWORD = error(400, 5023, "Incorrect old password");
  static final VendorError INVALID_EMAIL_DOMAIN = error(400, 5035, "Invalid email domain");
  static final VendorError INSUFFICIENT_COMPLEXITY =
      error(400, 5057, "Insufficient Password Complexity");
  static final VendorError NOT_IMPLEMENTED = error(400, 5138, "Not implemented");

  private WorkspaceErrors() {}

  /**
   * Replaces a failure for {@link Future#recover}: one beyond the caller's authority fails with
   * {@link #FORBIDDEN}, as the vendor's pages print it, any other as it is.
   */
  static <T> Future<T> forbidden(Throwable thrown) {
    return Future.failedFuture(
        thrown instanceof Failure failure && failure.reason() == Reason.FORBIDDEN
            ? FORBIDDEN.newException(Reason.FORBIDDEN)
            : thrown);
  }

  static VendorError of(Reason reason) {
    return switch (reason) {
      case NO_CREDENTIALS -> NO_AUTH_TOKEN;
      case BAD_CREDENTIALS, INACTIVE_USER -> INVALID_TOKEN;
      case EXPIRED_CREDENTIALS -> EXPIRED_TOKEN;
      case FORBIDDEN -> UNAUTHORIZED;
      case LAST_ADMINISTRATOR -> FORBIDDEN;
      case WRONG_SIGN_IN -> INVALID_CREDENTIALS;
      case NO_SECOND_FACTOR -> REQUIRED_TWO_FACTOR_CODE;
      case WRONG_SECOND_FACTOR -> INVALID_TWO_FACTOR_CODE;
      case WRONG_PASSWORD -> INCORRECT_OLD_PASSWORD;
      case INVALID_PASSWORD -> INSUFFICIENT_COMPLEXITY;
      case NO_SUCH_USER, NO_SUCH_TOKEN, NO_SUCH_ROLE, NO_SUCH_ORGANIZATION, INVALID_ID ->
          ENTITY_NOT_FOUND;
      case USER_EXISTS, USER_ID_EXISTS, ROLE_EXISTS, ORGANIZATION_EXISTS -> VALIDATION_ERROR;
      case MALFORMED_BODY, INVALID_VALUE, UNSUPPORTED_MEDIA_TYPE -> VALIDATION_ERROR;
      case BODY_TOO_LARGE -> error(413, 3000, "Validation Error");
      case HEADERS_TOO_LARGE -> error(431, 3000, "Validation Error");
      case NO_SUCH_PATH, WRONG_METHOD, UNSUPPORTED_VERSION -> ROUTE_NOT_FOUND;
      case NOT_SUPPORTED -> NOT_IMPLEMENTED;
      case TIMED_OUT -> error(408, 1000, "Internal error");
      case OVERLOADED ->
          (call, failure) ->
              Reply.of(429, Failed.of(4029, "Too many requests")).with("Retry-After", "1");
      case UNAVAILABLE -> error(503, 1000, "Internal error");
      case INTERNAL -> error(500, 1000, "Internal error");
    };
  }

  /** Returns the error that lists all invalid members of a body or parameters of a query. */
  static VendorError invalid(List<InvalidField> fields) {
    var body = Failed.of(3000, "Validation Error", new Errors(fields));
    return (call, failure) -> Reply.of(400, body);
  }

  private static VendorError error(int status, int code, String message) {
    return (call, failure) -> Reply.of(status, Failed.of(code, message));
  }
}
