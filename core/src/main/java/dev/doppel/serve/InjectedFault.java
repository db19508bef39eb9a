package dev.doppel.serve;

import dev.doppel.users.Failure;
import java.time.Duration;
import java.util.Optional;

/**
 * A fault to inject into one call. Immutable.
 *
 * @param id of the plan that the fault belongs to
 * @param delay added to the call; zero for none
 * @param failure that the vendor reports instead of the response
 * @param breakage damage to the response
 * @param after whether the call is performed before the fault takes effect
 */
public record InjectedFault(
    long id, Duration delay, Optional<Failure> failure, Breakage breakage, boolean after) {

  /** Damage to a response. */
  public enum Breakage {
    /** The response is sent undamaged. */
    NONE,
    /** The connection is closed instead of a response. */
    DROPPED,
    /** The first half of the body is sent, then the connection is closed. */
    TRUNCATED,
    /** Random bytes are sent as the body, as many as it had. */
    GARBAGE
  }
}
