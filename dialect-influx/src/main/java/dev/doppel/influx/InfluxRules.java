package dev.doppel.influx;

import static dev.doppel.influx.InfluxErrors.error;

import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.VendorError;
import java.util.Optional;

/**
 * The differences between InfluxDB's documentation and its server. Immutable.
 *
 * @param passwordByTokenOrBasicAlone whether PUT of a password works without a session: the page's
 *     example sends a token alone, its prose for another user's password Basic alone
 * @param unreadableBody error for a body of users that is no JSON or has wrong types
 * @param unreadablePasswordReset the same for PUT of a password
 * @param missingBasic error for PUT of a password with a session but without Basic
 * @param badUserIdInRoute error for a malformed id in the path of a password
 * @param emptyName error for a user without a name
 * @param unknownStatus error for an unknown status; empty if it is stored unchecked, as by the
 *     server
 * @param ignoresMalformedId whether a malformed id of a new user is ignored, as the page's example
 *     needs
 * @param refusesInactiveSignIn whether an inactive user is refused at sign-in, or afterwards
 * @param showsTokenHash whether setup answers with the token's hash, which no page mentions
 */
record InfluxRules(
    boolean passwordByTokenOrBasicAlone,
    VendorError unreadableBody,
    VendorError unreadablePasswordReset,
    VendorError missingBasic,
    VendorError badUserIdInRoute,
    VendorError emptyName,
    Optional<VendorError> unknownStatus,
    boolean ignoresMalformedId,
    boolean refusesInactiveSignIn,
    boolean showsTokenHash) {

  private static final String RESET = "error decoding password reset request: ";
  private static final String BAD_ROUTE = "invalid user ID provided in route";

  private static final InfluxRules DOCUMENTED =
      new InfluxRules(
          true,
          InfluxErrors.INVALID,
          error(400, "invalid", RESET + "%s"),
          error(401, "unauthorized", "unauthorized access"),
          error(400, "invalid", BAD_ROUTE),
          error(422, "unprocessable entity", "key required"),
          Optional.of(error(422, "unprocessable entity", InfluxErrors.STATUS_MUST_BE)),
          true,
          true,
          false);

  private static final InfluxRules OBSERVED =
      new InfluxRules(
          false,
          error(500, "internal error", "%s"),
          error(500, "internal error", RESET + "%s"),
          error(500, "internal error", RESET + "invalid basic auth"),
          error(500, "internal error", BAD_ROUTE),
          InfluxErrors.KEY_REQUIRED,
          Optional.empty(),
          false,
          false,
          true);

  static InfluxRules of(Fidelity fidelity) {
    return switch (fidelity) {
      case DOCUMENTED -> DOCUMENTED;
      case OBSERVED -> OBSERVED;
    };
  }
}
