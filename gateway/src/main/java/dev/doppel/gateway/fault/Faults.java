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

  /** Most faults that are planned at the same time. */
  public static final int MAX_FAULTS = 1000;

  /** A planned fault, the calls that it has seen, and the calls that it has struck. */
  public record Status(long id, PlannedFault plan, long seen, long struck) {}

  private static final class Planned {
    final long id;
    final PlannedFault plan;
    final RandomGenerator random;
    long seen;
    long struck;

    Planned(long id, PlannedFault plan) {
      this.id = id;
      this.plan = plan;
      random = new Random(plan.seed());
    }

    boolean spent() {
      return plan.times().isPresent() && struck >= plan.times().getAsInt();
    }

    boolean concerns(CallInfo call) {
      return plan.scope().has(call.dialectName(), call.operationName(), call.path());
    }

    /** Counts a call of its scope, and returns whether it strikes that call. */
    boolean strikes() {
      if (spent()) {
        return false;
      }
      seen++;
      var strikes =
          seen % plan.every() == 0
              && (plan.probability() >= 1 || random.nextDouble() < plan.probability());
      struck += strikes ? 1 : 0;
      return strikes;
    }

    Duration delay() {
      var from = plan.delay().from().toNanos();
      var to = plan.delay().to().toNanos();
      return Duration.ofNanos(from == to ? from : random.nextLong(from, to + 1));
    }

    boolean decides() {
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
   * @throws IllegalStateException if {@link #MAX_FAULTS} faults that are not spent are planned
   *     already
   */
  public synchronized Status plan(PlannedFault plan) {
    if (all.size() >= MAX_FAULTS) {
      all.removeIf(Planned::spent);
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
    return new Status(one.id, one.plan, one.seen, one.struck);
  }

  /** Returns all faults, spent ones included. */
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

  /** Removes the fault with an ID; returns whether there was one. */
  public synchronized boolean remove(long id) {
    var removed = all.removeIf(one -> one.id == id);
    any = all.stream().anyMatch(one -> !one.spent());
    return removed;
  }

  private synchronized List<Planned> concerning(CallInfo call) {
    return all.stream().filter(one -> !one.spent() && one.concerns(call)).toList();
  }

  @Override
  public Future<Optional<InjectedFault>> fault(CallInfo call) {
    var planned = concerning(call);
    if (planned.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var personal = planned.stream().anyMatch(one -> one.plan.scope().user().isPresent());
    var caller = personal ? call.callerName() : Future.succeededFuture(Optional.<String>empty());
    return caller.compose(who -> call.subjectName().map(subject -> strike(planned, who, subject)));
  }

  private synchronized Optional<InjectedFault> strike(
      List<Planned> planned, Optional<String> caller, Optional<String> subject) {
    var delay = Duration.ZERO;
    var delayed = Optional.<Planned>empty();
    for (var one : planned) {
      if (one.plan.scope().hasUser(caller, subject) && one.strikes()) {
        delay = delay.plus(one.delay());
        if (one.decides()) {
          any = all.stream().anyMatch(other -> !other.spent());
          return Optional.of(injected(one, shortened(delay), subject));
        }
        delayed = delayed.or(() -> Optional.of(one));
      }
    }
    any = all.stream().anyMatch(other -> !other.spent());
    var whole = shortened(delay);
    return delayed.map(one -> injected(one, whole, subject));
  }

  private static Duration shortened(Duration delay) {
    return delay.compareTo(Delay.LONGEST) > 0 ? Delay.LONGEST : delay;
  }

  private static InjectedFault injected(Planned one, Duration delay, Optional<String> subject) {
    return new InjectedFault(
        one.id,
        delay,
        one.plan.reason().map(reason -> failure(reason, subject)),
        one.plan.breakage(),
        one.plan.after());
  }

  /** Names the user whom the call is about if the vendor's error may name a user. */
  private static Failure failure(Reason reason, Optional<String> subject) {
    return switch (reason) {
      case NO_SUCH_USER, USER_EXISTS, USER_ID_EXISTS -> Failure.of(reason, subject.orElse(""));
      default -> Failure.of(reason);
    };
  }
}
