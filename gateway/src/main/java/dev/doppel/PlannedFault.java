package dev.doppel;

import static dev.doppel.BadRequestException.check;

import dev.doppel.dialect.VendorOperation;
import dev.doppel.serve.InjectedFault.Breakage;
import dev.doppel.users.Failure.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is to go wrong on purpose, with which calls, and how often. Every value is one of its own;
 * the methods give changed copies.
 *
 * <pre>{@code
 * doppel.inject(PlannedFault.of(Reason.UNAVAILABLE).on(InfluxOperation.POST_USERS).times(2));
 * }</pre>
 *
 * @param reason what the vendor tells instead of the answer, in its own words
 * @param delay how much later calls are served
 * @param after whether calls have their effect first
 * @param times how often at most; empty for always
 * @param every 2 for every second call, 1 for each
 * @param probability of each of these calls, above 0 and up to 1
 * @param seed what draws delays and chances; one seed draws the same every time
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

  /** How much later, at least and at most; drawn between where they differ. */
  public record Delay(Duration from, Duration to) {

    /** Longest delay. */
    public static final Duration LONGEST = Duration.ofHours(1);

    public static final Delay NONE = new Delay(Duration.ZERO, Duration.ZERO);

    public Delay {
      check(
          !from.isNegative() && from.compareTo(to) <= 0 && to.compareTo(LONGEST) <= 0,
          "PT0S to PT1H is allowed, and no more at least than at most");
    }
  }

  public PlannedFault {
    check(
        reason.isPresent() || breakage != Breakage.NONE || !delay.equals(Delay.NONE),
        "one of reason, delay, connection, body is needed");
    check(
        reason.isEmpty() || breakage == Breakage.NONE,
        "reason, connection, body: one of them is allowed");
    after |= breakage == Breakage.TRUNCATED || breakage == Breakage.GARBAGE; // it takes an answer
    check(times.isEmpty() || times.getAsInt() > 0, "times: a number from 1 on is allowed");
    check(every > 0, "every: a number from 1 on is allowed");
    check(probability > 0 && probability <= 1, "probability: above 0 and up to 1 is allowed");
  }

  private static PlannedFault of(Optional<Reason> reason, Delay delay, Breakage breakage) {
    return new PlannedFault(
        CallScope.ALL, reason, delay, breakage, false, OptionalInt.empty(), 1, 1, 0);
  }

  /** The vendor tells this reason in its own words. */
  public static PlannedFault of(Reason reason) {
    return of(Optional.of(reason), Delay.NONE, Breakage.NONE);
  }

  /** The connection is closed without an answer. */
  public static PlannedFault droppedConnection() {
    return of(Optional.empty(), Delay.NONE, Breakage.DROPPED);
  }

  /** Half of the body comes, then the connection is closed. */
  public static PlannedFault truncatedBody() {
    return of(Optional.empty(), Delay.NONE, Breakage.TRUNCATED);
  }

  /** A body comes that is none of the vendor's. */
  public static PlannedFault garbageBody() {
    return of(Optional.empty(), Delay.NONE, Breakage.GARBAGE);
  }

  /** Calls are served later. */
  public static PlannedFault delay(Duration by) {
    return of(Optional.empty(), new Delay(by, by), Breakage.NONE);
  }

  /** Calls are served later, by a time that is drawn. */
  public static PlannedFault delay(Duration from, Duration to) {
    return of(Optional.empty(), new Delay(from, to), Breakage.NONE);
  }

  PlannedFault in(CallScope other) {
    return new PlannedFault(other, reason, delay, breakage, after, times, every, probability, seed);
  }

  /** With calls of this operation only. */
  public PlannedFault on(VendorOperation operation) {
    return in(
        new CallScope(
            Optional.of(operation.dialect()),
            Optional.of(operation.operation()),
            scope.user(),
            scope.path()));
  }

  /** With calls of this dialect only. */
  public PlannedFault on(String dialect) {
    return in(new CallScope(Optional.of(dialect), Optional.empty(), scope.user(), scope.path()));
  }

  /** With calls by or about this user only. */
  public PlannedFault forUser(String name) {
    return in(scope.withUser(name));
  }

  /** With calls of this path only; {@code *} stands for any characters. */
  public PlannedFault forPath(String pattern) {
    return in(scope.withPath(pattern));
  }

  /** As well, calls are served later. */
  public PlannedFault delayed(Duration by) {
    return new PlannedFault(
        scope, reason, new Delay(by, by), breakage, after, times, every, probability, seed);
  }

  /** So often at most. */
  public PlannedFault times(int most) {
    return new PlannedFault(
        scope, reason, delay, breakage, after, OptionalInt.of(most), every, probability, seed);
  }

  /** With every second call, or third, and so on. */
  public PlannedFault every(int call) {
    return new PlannedFault(scope, reason, delay, breakage, after, times, call, probability, seed);
  }

  /** With a call by chance; one seed draws the same every time. */
  public PlannedFault withProbability(double chance, long from) {
    return new PlannedFault(scope, reason, delay, breakage, after, times, every, chance, from);
  }

  /** Calls have their effect, and only then they go wrong. */
  public PlannedFault afterTheChange() {
    return new PlannedFault(scope, reason, delay, breakage, true, times, every, probability, seed);
  }
}
