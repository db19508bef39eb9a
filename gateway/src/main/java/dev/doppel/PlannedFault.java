package dev.doppel;

import static dev.doppel.BadRequestException.check;

import dev.doppel.dialect.Suggestions;
import dev.doppel.dialect.VendorOperation;
import dev.doppel.serve.InjectedFault.Breakage;
import dev.doppel.users.Failure.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A fault to inject, the calls that it applies to, and how often. Immutable; the methods return
 * changed copies.
 *
 * <pre>{@code
 * doppel
 *     .faults()
 *     .inject(PlannedFault.of(Reason.UNAVAILABLE).on(InfluxOperation.POST_USERS).times(2));
 * }</pre>
 *
 * <p>A fault needs a reason, a delay or a breakage, and can't have both a reason and a breakage.
 *
 * @param scope the calls that it applies to
 * @param reason reason of the failure that is sent, as the vendor's error, instead of the response
 * @param delay delay of the response
 * @param breakage damage to the connection or the body
 * @param after whether the operation is carried out first; always true for a damaged body
 * @param times maximum number of calls that get the fault, at least 1; empty for no limit
 * @param every 1 for each call of the scope, 2 for every second one, and so on
 * @param probability probability with which each of these calls gets the fault, above 0 and up to 1
 * @param seed seed of random delays and chances; the same seed gives the same sequence
 */
public record PlannedFault(
    CallScope scope,
    Optional<Reason> reason,
    Delay delay,
    Breakage breakage,
    boolean after,
    OptionalInt times,
    int every,
    double probability,
    long seed) {

  /**
   * A delay, drawn at random between two durations if they differ.
   *
   * @param from minimum, not negative
   * @param to maximum, up to {@link #MAX}
   */
  public record Delay(Duration from, Duration to) {

    /** Maximum of a delay. */
    public static final Duration MAX = Duration.ofHours(1);

    /** No delay. */
    public static final Delay NONE = new Delay(Duration.ZERO, Duration.ZERO);

    /**
     * @throws BadRequestException if a duration is out of range
     */
    public Delay {
      check(
          !from.isNegative() && from.compareTo(to) <= 0 && to.compareTo(MAX) <= 0,
          () -> Suggestions.notAllowed(from + " to " + to, "PT0S to PT1H, the shorter one first"));
    }
  }

  /**
   * @throws BadRequestException if a value is out of range or the fault does nothing
   */
  public PlannedFault {
    check(
        reason.isPresent() || breakage != Breakage.NONE || !delay.equals(Delay.NONE),
        "one of reason, delay, connection, body is needed");
    check(
        reason.isEmpty() || breakage == Breakage.NONE,
        "reason, connection, body: one of them is allowed");
    after |=
        breakage == Breakage.TRUNCATED
            || breakage == Breakage.GARBAGE; // only a response has a body
    checkPositive("times", times.orElse(1));
    checkPositive("every", every);
    check(
        probability > 0 && probability <= 1,
        () ->
            "probability: "
                + Suggestions.notAllowed(
                    Double.toString(probability), "a number above 0 and up to 1"));
  }

  private static void checkPositive(String component, int number) {
    check(
        number > 0,
        () ->
            component
                + ": "
                + Suggestions.notAllowed(Integer.toString(number), "a number from 1 on"));
  }

  private static PlannedFault of(Optional<Reason> reason, Delay delay, Breakage breakage) {
    return new PlannedFault(
        CallScope.ALL, reason, delay, breakage, false, OptionalInt.empty(), 1, 1, 0);
  }

  /** Returns a fault that fails every call with the vendor's error for a reason. */
  public static PlannedFault of(Reason reason) {
    return of(Optional.of(reason), Delay.NONE, Breakage.NONE);
  }

  /** Returns a fault that closes the connection without a response. */
  public static PlannedFault droppedConnection() {
    return of(Optional.empty(), Delay.NONE, Breakage.DROPPED);
  }

  /** Returns a fault that sends half of the body and closes the connection. */
  public static PlannedFault truncatedBody() {
    return of(Optional.empty(), Delay.NONE, Breakage.TRUNCATED);
  }

  /** Returns a fault that sends a body of the same length that is not the vendor's. */
  public static PlannedFault garbageBody() {
    return of(Optional.empty(), Delay.NONE, Breakage.GARBAGE);
  }

  /**
   * Returns a fault that delays every call.
   *
   * @throws BadRequestException if the delay is negative or longer than {@link Delay#MAX}
   */
  public static PlannedFault delay(Duration by) {
    return of(Optional.empty(), new Delay(by, by), Breakage.NONE);
  }

  /**
   * Returns a fault that delays every call by a random time.
   *
   * @throws BadRequestException if the range is empty or exceeds {@link Delay#MAX}
   */
  public static PlannedFault delay(Duration from, Duration to) {
    return of(Optional.empty(), new Delay(from, to), Breakage.NONE);
  }

  private PlannedFault withScope(CallScope other) {
    return new PlannedFault(other, reason, delay, breakage, after, times, every, probability, seed);
  }

  /** Limits the fault to calls of an operation. */
  public PlannedFault on(VendorOperation operation) {
    return withScope(
        new CallScope(
            Optional.of(operation.dialect()),
            Optional.of(operation.operation()),
            scope.user(),
            scope.path()));
  }

  /** Limits the fault to calls of a dialect. */
  public PlannedFault on(String dialect) {
    return withScope(
        new CallScope(Optional.of(dialect), Optional.empty(), scope.user(), scope.path()));
  }

  /** Limits the fault to calls that a user makes or that are about that user. */
  public PlannedFault forUser(String name) {
    return withScope(scope.withUser(name));
  }

  /** Limits the fault to a path; {@code *} matches any number of any characters. */
  public PlannedFault forPath(String pattern) {
    return withScope(scope.withPath(pattern));
  }

  /** Adds a delay. */
  public PlannedFault delayed(Duration by) {
    return new PlannedFault(
        scope, reason, new Delay(by, by), breakage, after, times, every, probability, seed);
  }

  /** Limits the number of calls that get the fault. */
  public PlannedFault times(int max) {
    return new PlannedFault(
        scope, reason, delay, breakage, after, OptionalInt.of(max), every, probability, seed);
  }

  /** Limits the fault to every n-th call of its scope: 2 for every second, 3 for every third. */
  public PlannedFault every(int n) {
    return new PlannedFault(scope, reason, delay, breakage, after, times, n, probability, seed);
  }

  /**
   * Injects the fault at random.
   *
   * @param chance above 0 and up to 1
   * @param randomSeed seed of the random sequence; the same seed gives the same sequence
   */
  public PlannedFault withProbability(double chance, long randomSeed) {
    return new PlannedFault(
        scope, reason, delay, breakage, after, times, every, chance, randomSeed);
  }

  /** Carries the operation out before the fault replaces or damages its response. */
  public PlannedFault afterTheChange() {
    return new PlannedFault(scope, reason, delay, breakage, true, times, every, probability, seed);
  }
}
