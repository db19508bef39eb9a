package dev.doppel.store;

import org.h2.mvstore.RootReference;

/**
 * A state that is readable for a limited time.
 *
 * @param deadline throws a failure when the time is over
 */
record TimeLimitedState(State state, Runnable deadline) implements State {

  @Override
  public <K, V> RootReference<K, V> root(Table<K, V> table) {
    return state.root(table);
  }

  @Override
  public void checkTime() {
    deadline.run();
  }
}
