package dev.doppel.gateway.fault;

import dev.doppel.PlannedFault;
import dev.doppel.PlannedFault.Delay;
import dev.doppel.dialect.CallInfo;
import dev.doppel.serve.CallInterceptor;
import dev.doppel.serve.InjectedFault;
import dev.doppel.serve.InjectedFault.Breakage;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * The planned faults of a realm. Each call is matched with them in the order in which they were
 * planned, up to the first that replaces or damages the response; delays before that add up. Random
 * delays and chances depend only on a fault's seed and on the number of calls that it has seen, so
 * they are reproducible. Thread-safe.
 */
public final class Faults implements CallInterceptor {

  /** Maximum number of planned faults. */
  public static final int MAX_FAULTS = 1000;

  /**
   * A planned fault and its counters.
   *
   * @param seen number of calls of its scope
   * @param injected number of calls that got the fault
   */
  public record Status(long id, PlannedFault plan, long seen, long injected) {}

  private static final class Planned {
    final long id;
    final PlannedFault plan;
    final RandomGenerator random;
    long seen;
    long injected;

    Planned(long id, PlannedFault plan) {
      this.id = id;
      this.plan = plan;
      random = new Random(plan.seed());
    }

    boolean isExhausted() {
      return plan.times().isPresent() && injected >= plan.times().getAsInt();
    }

    boolean matches(CallInfo call) {
      return plan.scope().has(call.dialectName(), call.operationName(), call.path());
    }

    /** Counts a call of its scope, and returns whether the call gets the fault. */
    boolean countCall() {
      if (isExhausted()) {
        return false;
      }
      seen++;
      var inject =
          seen % plan.every() == 0
              && (plan.probability() >= 1 || random.nextDouble() < plan.probability());
      injected += inject ? 1 : 0;
      return inject;
    }

    Duration delay() {
      var from = plan.delay().from().toNanos();
      var to = plan.delay().to().toNanos();
      return Duration.ofNanos(from == to ? from : random.nextLong(from, to + 1));
    }

    boolean endsMatching() {
      return plan.reason().isPresent() || plan.breakage() != Breakage.NONE;
    }
  }

  private final List<Planned> all = new ArrayList<>();
  private long last;
  private volatile boolean any;

  @Override
  public boolean hasFaults() {
    return any;
  }

  /**
   * Plans a fault.
   *
   * @throws IllegalStateException if {@link #MAX_FAULTS} faults that are not exhausted are planned
   *     already
   */
  public synchronized Status plan(PlannedFault plan) {
    if (all.size() >= MAX_FAULTS) {
      all.removeIf(Planned::isExhausted);
    }
    if (all.size() >= MAX_FAULTS) {
      throw new IllegalStateException(MAX_FAULTS + " faults at most");
    }
    var planned = new Planned(++last, plan);
    all.add(planned);
    any = true;
    return status(planned);
  }

  private static Status status(Planned one) {
    return new Status(one.id, one.plan, one.seen, one.injected);
  }

  /** Returns all faults, exhausted ones included. */
  public synchronized List<Status> all() {
    return all.stream().map(Faults::status).toList();
  }

  /** Removes all faults; returns their number. */
  public synchronized int clear() {
    var cleared = all.size();
    all.clear();
    any = false;
    return cleared;
  }

  /** Returns the fault with an ID; empty if there is none. */
  public synchronized Optional<Status> find(long id) {
    return all.stream().filter(one -> one.id == id).map(Faults::status).findFirst();
  }

  /** Removes the fault with an ID and returns its last status; empty if there is none. */
  public synchronized Optional<Status> remove(long id) {
    var removed = find(id);
    all.removeIf(one -> one.id == id);
    any = all.stream().anyMatch(one -> !one.isExhausted());
    return removed;
  }

  private synchronized List<Planned> matching(CallInfo call) {
    return all.stream().filter(one -> !one.isExhausted() && one.matches(call)).toList();
  }

  @Override
  public Future<Optional<InjectedFault>> fault(CallInfo call) {
    var planned = matching(call);
    if (planned.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var byUser = planned.stream().anyMatch(one -> one.plan.scope().user().isPresent());
    var caller = byUser ? call.callerName() : Future.succeededFuture(Optional.<String>empty());
    return caller.compose(
        name -> call.subjectName().map(subject -> inject(planned, name, subject)));
  }

  private synchronized Optional<InjectedFault> inject(
      List<Planned> planned, Optional<String> caller, Optional<String> subject) {
    var delay = Duration.ZERO;
    var delayed = Optional.<Planned>empty();
    for (var one : planned) {
      if (one.plan.scope().hasUser(caller, subject) && one.countCall()) {
        delay = delay.plus(one.delay());
        if (one.endsMatching()) {
          any = all.stream().anyMatch(other -> !other.isExhausted());
          return Optional.of(newFault(one, limited(delay), subject));
        }
        delayed = delayed.or(() -> Optional.of(one));
      }
    }
    any = all.stream().anyMatch(other -> !other.isExhausted());
    var whole = limited(delay);
    return delayed.map(one -> newFault(one, whole, subject));
  }

  private static Duration limited(Duration delay) {
    return delay.compareTo(Delay.MAX) > 0 ? Delay.MAX : delay;
  }

  private static InjectedFault newFault(Planned one, Duration delay, Optional<String> subject) {
    return new InjectedFault(
        one.id,
        delay,
        one.plan.reason().map(reason -> failure(reason, subject)),
        one.plan.breakage(),
        one.plan.after());
  }

  /** Creates the failure, with the user whom the call is about if a vendor's error may name it. */
  private static Failure failure(Reason reason, Optional<String> subject) {
    return switch (reason) {
      case NO_SUCH_USER, USER_EXISTS, USER_ID_EXISTS -> Failure.of(reason, subject.orElse(""));
      default -> Failure.of(reason);
    };
  }
}
