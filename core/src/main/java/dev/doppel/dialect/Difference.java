package dev.doppel.dialect;

/**
 * A named difference between what a vendor's documentation promises and what its product does. The
 * differences of a dialect are the constants of one enum. An action asks {@link Call#asDocumented}
 * which of the two applies, and so marks the calls whose answers depend on it.
 */
public interface Difference {

  /**
   * What differs, as in the documents' table of differences.
   *
   * @param dialect {@link Dialect#name} of the dialect
   * @param subject which calls differ, in printable ASCII without commas; unique in its dialect
   * @param documented what the documentation promises
   * @param observed what the product does
   */
  record Description(String dialect, String subject, String documented, String observed) {}

  Description description();

  /** Returns the text that marks a call, such as {@code influx: sign-in of an inactive user}. */
  default String mark() {
    return description().dialect() + ": " + description().subject();
  }

  /** Returns the error that applies, for a failure that is reported in two ways. */
  default VendorError error(VendorError documented, VendorError observed) {
    return (call, failure) ->
        call.deviations().choose(this, documented, observed).reply(call, failure);
  }
}
