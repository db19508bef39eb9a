package dev.doppel.milvus;

import static dev.doppel.milvus.MilvusError.coordinator;
import static dev.doppel.milvus.MilvusError.proxy;

import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorError;
import dev.doppel.users.Failure.Reason;

/**
 * The errors of Milvus that its versions share (2.6.19: pkg/util/merr, httpserver/handler_v2.go).
 * Most have status 200. Errors that differ between versions are in {@link MilvusEra}.
 */
final class MilvusErrors {

  static final int UNEXPECTED = 65_535;
  static final int INVALID_PARAMETER = 1_100;
  static final int UNAVAILABLE = 2;
  static final int NO_COLLECTION = 100;

  static final MilvusError EMPTY_BODY =
      proxy(
          1801,
          "can only accept json format request, the request body should be nil, however {} is"
              + " valid");
  static final MilvusError UNREADABLE_BODY =
      proxy(1801, "can only accept json format request, error: %s");

  /** The subject is the validator's own lines. */
  static final MilvusError MISSING_PARAMETERS =
      proxy(1802, "missing required parameters, error: %s");

  /** The subject is the whole of the text before the kind of error. */
  static final MilvusError INVALID = proxy(INVALID_PARAMETER, "%s: invalid parameter");

  /** As above; the subject is the whole text, which ends with what was expected and given. */
  static final MilvusError WRONG_VALUE = proxy(INVALID_PARAMETER, "%s");

  /** The subject is the whole text. */
  static final MilvusError GROUP_NAME = proxy(1402, "%s");

  /** As above. */
  static final MilvusError DATABASE_NAME = proxy(802, "%s");

  static final MilvusError NOT_AUTHENTICATED =
      new MilvusError(401, 1800, "user hasn't authenticated", MilvusError.Origin.PROXY);

  /** The subject is the caller, the privilege and the database. */
  static final MilvusError NOT_PERMITTED =
      new MilvusError(
          403,
          UNEXPECTED,
          "rpc error: code = PermissionDenied desc = %s",
          MilvusError.Origin.PROXY);

  /** The subject is the user. An unknown user gives the same error. */
  static final MilvusError WRONG_OLD_PASSWORD =
      proxy(1400, "old password not correct for %s: not authenticated");

  /** The subject is the built-in object that can't be changed, and the change. */
  static final MilvusError BUILT_IN = proxy(1401, "%s: privilege not permitted");

  static final MilvusError LAST_ADMINISTRATOR =
      proxy(
          1401,
          "the last administrator cannot be deleted, deactivated or lose the role admin: privilege"
              + " not permitted");

  /** The subject is the database. */
  static final MilvusError NO_DATABASE = proxy(800, "database not found[database=%s]");

  static final MilvusError TIMED_OUT =
      new MilvusError(408, 10_001, "request timeout", MilvusError.Origin.PROXY);

  private MilvusErrors() {}

  static VendorError of(Reason reason) {
    return switch (reason) {
      case NO_CREDENTIALS,
          BAD_CREDENTIALS,
          EXPIRED_CREDENTIALS,
          INACTIVE_USER,
          WRONG_SIGN_IN,
          NO_SECOND_FACTOR,
          WRONG_SECOND_FACTOR ->
          NOT_AUTHENTICATED;
      case FORBIDDEN -> NOT_PERMITTED;
      case LAST_ADMINISTRATOR -> LAST_ADMINISTRATOR;
      case WRONG_PASSWORD, NO_SUCH_USER -> WRONG_OLD_PASSWORD;
      case USER_EXISTS, USER_ID_EXISTS ->
          coordinator(INVALID_PARAMETER, "user already exists: %s: invalid parameter");
      case NO_SUCH_TOKEN, INVALID_VALUE, INVALID_ID, INVALID_PASSWORD -> INVALID;
      case NO_SUCH_ROLE ->
          coordinator(INVALID_PARAMETER, "the role \"%s\" does not exist: invalid parameter");
      case ROLE_EXISTS ->
          coordinator(INVALID_PARAMETER, "role [name:\"%s\"] already exists: invalid parameter");
      case NO_SUCH_ORGANIZATION, ORGANIZATION_EXISTS, UNSUPPORTED_VERSION, NOT_SUPPORTED ->
          proxy(UNEXPECTED, "not supported: %s");
      case MALFORMED_BODY, UNSUPPORTED_MEDIA_TYPE -> UNREADABLE_BODY;
      case NO_SUCH_PATH, WRONG_METHOD ->
          (call, failure) -> Reply.text(404, "text/plain", "404 page not found");
      case BODY_TOO_LARGE ->
          proxy(1801, "can only accept json format request, error: request body too large");
      case HEADERS_TOO_LARGE ->
          new MilvusError(431, UNEXPECTED, "request headers too large", MilvusError.Origin.PROXY);
      case TIMED_OUT -> TIMED_OUT;
      case OVERLOADED -> proxy(1807, "request is rejected by limiter, error: too many requests");
      case UNAVAILABLE -> proxy(1, "state code: Abnormal: service not ready");
      case INTERNAL -> (call, failure) -> Reply.of(500, new MilvusWire.Panic(500));
    };
  }
}
