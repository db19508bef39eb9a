package dev.doppel.dialect;

import java.time.Duration;

/**
 * How much one call of any transport may take.
 *
 * @param maxBodyBytes longest request body that is read
 * @param bodyTimeout how long a client may take to send the body
 * @param answerTimeout how long a call may take from its request to its response; a change that was
 *     begun may still be made afterwards
 */
public record Limits(long maxBodyBytes, Duration bodyTimeout, Duration answerTimeout) {

  /** 1 MiB within 30 seconds, and 30 seconds for the response. */
  public static final Limits DEFAULT =
      new Limits(1 << 20, Duration.ofSeconds(30), Duration.ofSeconds(30));
}
