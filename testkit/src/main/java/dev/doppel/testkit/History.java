package dev.doppel.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The calls of several concurrent clients, with their results. A history is linearizable if the
 * calls could have been made one after the other, each at some moment between its start and its
 * end, with the same results.
 *
 * @param <S> immutable state that the calls change, with {@code equals}
 */
final class History<S> {

  /** Limited by the bits of a long that stand for the calls. */
  private static final int MAX_CALLS = 62;

  /**
   * One call and its result.
   *
   * @param started time before the call, in nanoseconds
   * @param ended time after the call, in nanoseconds
   * @param effect maps the state before the call to the state after it; empty if the call would
   *     have had another result in that state
   */
  record Call<S>(String text, long started, long ended, Function<S, Optional<S>> effect) {

    @Override
    public String toString() {
      return "%d to %d: %s".formatted(started, ended, text);
    }
  }

  private record Visited<S>(long done, S state) {}

  private final List<Call<S>> calls = new ArrayList<>();

  synchronized void add(Call<S> call) {
    if (calls.size() == MAX_CALLS) {
      throw new IllegalStateException("more than " + MAX_CALLS + " calls");
    }
    calls.add(call);
  }

  synchronized boolean isLinearizable(S initial) {
    calls.sort(Comparator.comparingLong(Call::started));
    return canContinue(0, initial, new HashSet<>());
  }

  private boolean canContinue(long done, S state, Set<Visited<S>> visited) {
    if (Long.bitCount(done) == calls.size()) {
      return true;
    }
    if (!visited.add(new Visited<>(done, state))) {
      return false;
    }
    var firstEnd = Long.MAX_VALUE;
    for (int i = 0; i < calls.size(); i++) {
      if ((done & 1L << i) == 0) {
        firstEnd = Math.min(firstEnd, calls.get(i).ended);
      }
    }
    for (int i = 0; i < calls.size(); i++) {
      // A call that started after another one had ended can't have been made before it.
      if ((done & 1L << i) == 0 && calls.get(i).started <= firstEnd) {
        var next = calls.get(i).effect.apply(state);
        if (next.isPresent() && canContinue(done | 1L << i, next.get(), visited)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public synchronized String toString() {
    return String.join("\n", calls.stream().map(Call::toString).toList());
  }
}
