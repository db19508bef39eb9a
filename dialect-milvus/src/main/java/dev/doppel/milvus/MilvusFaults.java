package dev.doppel.milvus;

import dev.doppel.dialect.Fault;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;

/**
 * How Milvus says no (2.6.19: pkg/util/merr, httpserver/handler_v2.go). Most errors come with 200.
 */
final class MilvusFaults {

  private static final int UNEXPECTED = 65_535;
  private static final int INVALID_PARAMETER = 1_100;

  static final Fault EMPTY_BODY =
      fault(
          200,
          1801,
          "can only accept json format request, the request body should be nil, however {} is"
              + " valid");
  static final Fault UNREADABLE_BODY =
      fault(200, 1801, "can only accept json format request, error: %s");

  /** The subject is the validator's own lines. */
  static final Fault MISSING_PARAMETERS =
      fault(200, 1802, "missing required parameters, error: %s");

  /** The subject is the whole of the text before the kind of error. */
  static final Fault INVALID = fault(200, INVALID_PARAMETER, "%s: invalid parameter");

  /** As above, for what the server checks with its own range check. */
  static final Fault OUT_OF_RANGE = fault(200, INVALID_PARAMETER, "%s");

  static final Fault NOT_AUTHENTICATED = fault(401, 1800, "user hasn't authenticated");

  /** The subject is who may not do what and where. */
  static final Fault NOT_PERMITTED =
      fault(403, UNEXPECTED, "rpc error: code = PermissionDenied desc = %s");

  /** The subject is the user. An unknown one is told alike. */
  static final Fault WRONG_OLD_PASSWORD =
      fault(200, 1400, "old password not correct for %s: not authenticated");

  static final Fault NO_USER_TO_DESCRIBE =
      fault(200, UNEXPECTED, "failed to check if update credential: user not found");
  static final Fault TOO_MANY_USERS =
      fault(
          200,
          9,
          "failed to check if add credential: quota exceeded[reason=unable to add user because the"
              + " number of users has reached the limit]");

  private MilvusFaults() {}

  static Fault of(Reason reason) {
    return switch (reason) {
      case NO_CREDENTIALS, BAD_CREDENTIALS, EXPIRED_CREDENTIALS, INACTIVE_USER, WRONG_SIGN_IN ->
          NOT_AUTHENTICATED;
      case FORBIDDEN -> NOT_PERMITTED;
      case WRONG_PASSWORD, NO_SUCH_USER -> WRONG_OLD_PASSWORD;
      case USER_EXISTS, USER_ID_EXISTS ->
          fault(200, INVALID_PARAMETER, "user already exists: %s: invalid parameter");
      case NO_SUCH_TOKEN, INVALID_VALUE, INVALID_ID, INVALID_PASSWORD -> INVALID;
      case NO_SUCH_ROLE ->
          fault(200, INVALID_PARAMETER, "the role \"%s\" does not exist: invalid parameter");
      case ROLE_EXISTS ->
          fault(200, INVALID_PARAMETER, "role [name:\"%s\"] already exists: invalid parameter");
      case NO_SUCH_ORGANIZATION, ORGANIZATION_EXISTS, UNSUPPORTED_VERSION, NOT_SUPPORTED ->
          fault(200, UNEXPECTED, "not supported: %s");
      case MALFORMED_BODY, UNSUPPORTED_MEDIA_TYPE -> UNREADABLE_BODY;
      case NO_SUCH_PATH, WRONG_METHOD ->
          (call, failure) -> Reply.text(404, "text/plain", "404 page not found");
      case BODY_TOO_LARGE ->
          fault(200, 1801, "can only accept json format request, error: request body too large");
      case HEADERS_TOO_LARGE -> fault(431, UNEXPECTED, "request headers too large");
      case TIMED_OUT -> fault(408, 10_001, "request timeout");
      case OVERLOADED ->
          fault(200, 1807, "request is rejected by limiter, error: too many requests");
      case UNAVAILABLE -> fault(200, 1, "state code: Abnormal: service not ready");
      case INTERNAL -> (call, failure) -> Reply.of(500, new MilvusWire.Panic(500));
    };
  }

  /**
   * An error in the vendor's envelope.
   *
   * @param message may hold one {@code %s} for the failure's subject
   */
  private static Fault fault(int status, int code, String message) {
    return (call, failure) ->
        Reply.of(status, new MilvusWire.ErrorBody(code, text(message, failure)));
  }

  private static String text(String message, Failure failure) {
    return message.replace("%s", failure.subject().orElse(""));
  }
}
