package dev.doppel;

import java.time.Instant;
import java.util.Optional;

/**
 * A mail that the vendor's product would have sent. Immutable.
 *
 * @param id number of the mail in its realm, from 1
 * @param time when it was sent, by the realm's clock
 * @param dialect name of the dialect
 * @param kind what it is about, in the vendor's words, such as {@code forgot-password}
 * @param to address of the recipient
 * @param user name of the user whom it is about; empty if there is none yet
 * @param text the text, with the token
 * @param token the secret that the recipient is to send back; empty if there is none
 */
public record MailEntry(
    long id,
    Instant time,
    String dialect,
    String kind,
    String to,
    Optional<String> user,
    String subject,
    String text,
    Optional<String> token) {

  /** Omits text and token. */
  @Override
  public String toString() {
    return "%s %s to %s".formatted(dialect, kind, to);
  }
}
