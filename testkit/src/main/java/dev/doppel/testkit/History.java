package dev.doppel.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What several clients did at the same time and what each was answered. It is linearizable if all
 * of it could have been done one after the other, each call at some moment between its beginning
 * and its end, with the same answers.
 *
 * @param <S> what the calls change, with {@code equals}
 */
final class History<S> {

  /** So many calls fit into the bits of a long. */
  private static final int MOST = 62;

  /**
   * One call and its answer.
   *
   * @param begun before it was made, in nanoseconds
   * @param ended after it was answered
   * @param effect from the state it found to the one it left; empty if it would have been answered
   *     in another way there
   */
  record Call<S>(String text, long begun, long ended, Function<S, Optional<S>> effect) {

    @Override
    public String toString() {
      return "%d to %d: %s".formatted(begun, ended, text);
    }
  }

  private record Seen<S>(long done, S state) {}

  private final List<Call<S>> calls = new ArrayList<>();

  synchronized void add(Call<S> call) {
    if (calls.size() == MOST) {
      throw new IllegalStateException("more than " + MOST + " calls");
    }
    calls.add(call);
  }

  synchronized boolean isLinearizable(S initial) {
    calls.sort(Comparator.comparingLong(Call::begun));
    return goesOn(0, initial, new HashSet<>());
  }

  private boolean goesOn(long done, S state, Set<Seen<S>> tried) {
    if (Long.bitCount(done) == calls.size()) {
      return true;
    }
    if (!tried.add(new Seen<>(done, state))) {
      return false;
    }
    var firstEnd = Long.MAX_VALUE;
    for (int i = 0; i < calls.size(); i++) {
      if ((done & 1L << i) == 0) {
        firstEnd = Math.min(firstEnd, calls.get(i).ended);
      }
    }
    for (int i = 0; i < calls.size(); i++) {
      // What began after another had ended can't have been done before it.
      if ((done & 1L << i) == 0 && calls.get(i).begun <= firstEnd) {
        var next = calls.get(i).effect.apply(state);
        if (next.isPresent() && goesOn(done | 1L << i, next.get(), tried)) {
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
