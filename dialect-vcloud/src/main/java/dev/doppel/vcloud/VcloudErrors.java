package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorError;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;

/** VCD's errors. Codes and envelope are as recorded; messages that aren't recorded are our own. */
final class VcloudErrors {

  private static final String FORBIDDEN = "ACCESS_TO_RESOURCE_IS_FORBIDDEN";

  /** A message without the request's id. The subject is the list of versions. */
  static final VendorError NOT_ACCEPTABLE =
      (call, failure) ->
          reply(
              call,
              406,
              "NOT_ACCEPTABLE",
              "The request has invalid accept header: Invalid API version requested. Supported API"
                  + " versions are: ["
                  + failure.subject().orElse("")
                  + "] ([D] indicates deprecated versions)");

  /**
   * The error for a filter with a syntax error, without the request's id as recorded
   * (go-vcloud-director issue 589). The subject is the filter.
   */
  static final VendorError INVALID_FILTER =
      (call, failure) ->
          reply(
              call,
              400,
              "BAD_REQUEST",
              "Cannot parse the supplied filter: " + failure.subject().orElse(""));

  static final VendorError UNAUTHENTICATED =
      (call, failure) ->
          Reply.empty(401)
              .with(
                  "WWW-Authenticate",
                  "Basic realm=\"vCloud\", SIGN realm=\"vCloud\", Bearer realm=\"vCloud\"");

  /** The subject is the message. */
  static final VendorError BAD_REQUEST = error(400, "BAD_REQUEST", "%s");

  /** The error for a missing user and for a missing right. The subject is the user's UUID. */
  static final VendorError NO_VIEW = rights("GROUP_USER_VIEW", "USER_VIEW");

  static final VendorError NO_EDIT = rights("GROUP_USER_MANAGE", "USER_EDIT");

  static final VendorError NO_SESSION = rights("Base", "SESSION_VIEW");
  static final VendorError NO_ROLE = rights("ROLE_VIEW", "ROLE_VIEW");
  static final VendorError NO_ROLE_EDIT = rights("ROLE_MANAGE", "ROLE_EDIT");
  static final VendorError NO_RIGHT = rights("RIGHT_VIEW", "RIGHT_VIEW");
  static final VendorError NO_GLOBAL_ROLE = rights("GLOBAL_ROLE_VIEW", "GLOBAL_ROLE_VIEW");
  static final VendorError NO_GLOBAL_ROLE_EDIT = rights("GLOBAL_ROLE_EDIT", "GLOBAL_ROLE_EDIT");
  static final VendorError NO_RIGHTS_BUNDLE = rights("RIGHTS_BUNDLE_VIEW", "RIGHTS_BUNDLE_VIEW");
  static final VendorError NO_RIGHTS_BUNDLE_EDIT =
      rights("RIGHTS_BUNDLE_EDIT", "RIGHTS_BUNDLE_EDIT");
  static final VendorError NO_ORGANIZATION_EDIT =
      rights("ORGANIZATION_EDIT_PROPERTIES", "ORG_EDIT");
  static final VendorError NO_ORGANIZATION_CREATE =
      rights("ORGANIZATION_CREATE_DELETE", "ORG_CREATE");
  static final VendorError NO_ADMINISTRATOR_VIEW =
      rights("GENERAL_ADMINISTRATOR_VIEW", "ADMIN_VIEW");
  static final VendorError NO_GROUP = rights("GROUP_USER_VIEW", "GROUP_VIEW");
  static final VendorError NO_ORGANIZATION = rights("ORGANIZATION_VIEW", "ORG_VIEW");
  static final VendorError NO_TOKEN_CREATE = rights("API_TOKEN_MANAGE", "TOKEN_CREATE");
  static final VendorError NO_TOKEN = rights("API_TOKEN_VIEW", "TOKEN_VIEW");
  static final VendorError NO_SERVICE_ACCOUNT =
      rights("SERVICE_ACCOUNT_VIEW", "SERVICE_ACCOUNT_VIEW");

  /** The error for a service account with more rights than the caller. The subject is the role. */
  static final VendorError NO_RIGHTS_OF_ROLE =
      error(403, FORBIDDEN, "The role \"%s\" has rights that you do not have.");

  static final VendorError NO_DEVICE =
      error(404, "RESOURCE_NOT_FOUND", "No request for authorization has this code.");
  static final VendorError NO_TASK =
      error(403, FORBIDDEN, "No access to entity \"(com.vmware.vcloud.entity.task:%s)\".");

  static final VendorError NO_CONTEXT =
      error(403, FORBIDDEN, "Access to the organization of the tenant context is forbidden.");

  static final VendorError METHOD_NOT_ALLOWED =
      (call, failure) ->
          error(405, "METHOD_NOT_ALLOWED", "The method is not allowed for this resource.")
              .reply(call, failure)
              .with("Allow", failure.subject().orElse(""));

  /** The error for a path that exists in later versions only. The subject is the version. */
  static final VendorError NOT_IN_VERSION =
      error(405, "METHOD_NOT_ALLOWED", "The operation is not available in API version %s.");

  private VcloudErrors() {}

  static VendorError of(Reason reason) {
    return switch (reason) {
      case NO_CREDENTIALS,
          BAD_CREDENTIALS,
          EXPIRED_CREDENTIALS,
          INACTIVE_USER,
          WRONG_SIGN_IN,
          NO_SECOND_FACTOR,
          WRONG_SECOND_FACTOR,
          NO_SUCH_TOKEN ->
          UNAUTHENTICATED;
      case FORBIDDEN -> error(403, FORBIDDEN, "This operation is denied.");
      case LAST_ADMINISTRATOR ->
          error(
              400,
              "BAD_REQUEST",
              "The last active system administrator can not be deleted, disabled or given another"
                  + " role.");
      case WRONG_PASSWORD -> error(400, "BAD_REQUEST", "The current password is incorrect.");
      case NO_SUCH_USER -> NO_VIEW;
      case USER_EXISTS, USER_ID_EXISTS, ROLE_EXISTS, ORGANIZATION_EXISTS ->
          error(400, "DUPLICATE_NAME", "The VCD entity %s already exists.");
      case NO_SUCH_ROLE, NO_SUCH_ORGANIZATION ->
          error(400, "INVALID_REFERENCE", "The reference %s could not be resolved.");
      case MALFORMED_BODY, INVALID_VALUE, INVALID_ID, INVALID_PASSWORD -> BAD_REQUEST;
      case NO_SUCH_PATH ->
          error(404, "RESOURCE_NOT_FOUND", "The requested resource was not found.");
      case WRONG_METHOD -> METHOD_NOT_ALLOWED;
      case UNSUPPORTED_VERSION -> NOT_ACCEPTABLE;
      case UNSUPPORTED_MEDIA_TYPE -> VcloudErrors::unsupportedMediaType;
      case BODY_TOO_LARGE -> error(413, "BAD_REQUEST", "The request body is too large.");
      case HEADERS_TOO_LARGE -> error(431, "BAD_REQUEST", "The request headers are too large.");
      case NOT_SUPPORTED -> error(400, "BAD_REQUEST", "%s is not supported.");
      case TIMED_OUT -> error(408, "UNKNOWN", "The request did not complete in time.");
      case OVERLOADED ->
          error(503, "BUSY_ENTITY", "Too many requests are being processed. Try again later.");
      case UNAVAILABLE -> error(503, "INTERNAL_SERVER_ERROR", "The user store is unavailable.");
      case INTERNAL ->
          error(
              500,
              "INTERNAL_SERVER_ERROR",
              "Unable to perform this action. Contact your cloud administrator.");
    };
  }

  private static Reply unsupportedMediaType(Call call, Failure failure) {
    return error(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            VcloudApi.isOlder(call)
                ? "The request body must be XML or JSON."
                : "The request body must be application/json.")
        .reply(call, failure);
  }

  private static VendorError rights(String right, String operation) {
    return error(
        403,
        FORBIDDEN,
        "Either you need some or all of the following rights ["
            + right
            + "] to perform operations ["
            + operation
            + "] for %s or the target entity is invalid.");
  }

  /**
   * Returns an error whose message starts with the request's id.
   *
   * @param message may hold one {@code %s} for the failure's subject
   */
  private static VendorError error(int status, String code, String message) {
    return (call, failure) -> reply(call, status, code, prefix(call) + text(message, failure));
  }

  /** Returns an error in JSON, or in XML for the older API. */
  private static Reply reply(Call call, int status, String code, String message) {
    return VcloudApi.isOlder(call) && !VcloudWire.acceptsJson(call)
        ? VcloudWire.xml(
            call,
            status,
            "application/vnd.vmware.vcloud.error+xml",
            VcloudXml.element("Error")
                .with("xmlns", VcloudXml.NAMESPACE)
                .with("minorErrorCode", code)
                .with("message", message)
                .with("majorErrorCode", Integer.toString(status)))
        : Reply.of(status, new VcloudWire.ErrorBody(code, message, null));
  }

  /** Returns INVALID_VALUE with a message that the client gets. */
  static Failure newInvalidValueException(String message) {
    return Failure.of(Reason.INVALID_VALUE, message);
  }

  /** Returns INVALID_VALUE for a property that is missing. */
  static Failure newMissingException(String property) {
    return newInvalidValueException("The property " + property + " is required.");
  }

  private static String prefix(Call call) {
    return "[ " + VcloudRequest.id(call) + " ] ";
  }

  private static String text(String message, Failure failure) {
    return message.replace("%s", failure.subject().orElse(""));
  }
}
