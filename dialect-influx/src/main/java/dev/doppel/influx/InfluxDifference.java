package dev.doppel.influx;

import dev.doppel.dialect.Difference;

/** The differences between InfluxDB's documentation and its server. */
enum InfluxDifference implements Difference {
  PASSWORD_BY_TOKEN("PUT of a password by token", "accepted, as in the page's example", "500"),
  PASSWORD_BY_BASIC(
      "PUT of a password by Basic alone",
      "accepted, as the page says of another user's password",
      "401"),
  PASSWORD_WITHOUT_BASIC("PUT of a password with a session but no Basic", "401", "500"),
  UNREADABLE_BODY(
      "a body that can't be read",
      "400 invalid",
      "500 internal error on operations of users, on POST /setup, POST of members and owners, and"
          + " PATCH /authorizations/{authID}; but 400 on POST of a password"),
  MALFORMED_ID_OF_A_PASSWORD("a malformed id in the path of a password", "400", "500"),
  NO_NAME("POST /users without a name", "422 unprocessable entity", "400 empty value"),
  UNKNOWN_STATUS(
      "POST /users with an unknown status",
      "422 unprocessable entity",
      "201; the status is kept and shown"),
  MALFORMED_ID(
      "POST /users with a malformed id",
      "201; the id is ignored, as the page's example requires",
      "400"),
  SECOND_ERROR(
      "PUT /me/password or POST of a bucket's label with a body that can't be read",
      "one error",
      "an error and a second answer behind it, since the server goes on; on PUT /me/password also"
          + " without Basic, and on POST of a label it is added if only other members are wrong"),
  HASH_OF_THE_FIRST_TOKEN("response of POST /setup", "without hashedToken", "with it"),
  INACTIVE_SIGN_IN("sign-in of an inactive user", "403", "204; the next request gets 403");

  private final String subject;
  private final String documented;
  private final String observed;

  InfluxDifference(String subject, String documented, String observed) {
    this.subject = subject;
    this.documented = documented;
    this.observed = observed;
  }

  @Override
  public Description description() {
    return new Description(InfluxDialect.NAME, subject, documented, observed);
  }
}
