package dev.doppel.users;

import java.util.Optional;

/**
 * A mail that a vendor's product would send. Immutable.
 *
 * @param dialect name of the dialect that sends it
 * @param kind what it is about, in the vendor's words
 * @param to e-mail address of the recipient
 * @param user name of the user whom it is about; empty if there is none yet
 * @param text at most {@value #MAX_TEXT} characters; a longer one is cut
 * @param token the secret that the recipient is to send back, if any; part of the text, too
 */
public record Mail(
    String dialect,
    String kind,
    String to,
    Optional<String> user,
    String subject,
    String text,
    Optional<String> token) {

  /** The maximum length of a text in characters. */
  public static final int MAX_TEXT = 4096;

  public Mail {
    text = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
  }

  /** Omits text and token. */
  @Override
  public String toString() {
    return "Mail[" + dialect + " " + kind + " to " + to + "]";
  }
}
