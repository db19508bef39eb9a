package dev.doppel.store;

import org.h2.mvstore.RootReference;

/**
 * A state that may be looked at for a limited time.
 *
 * @param limit throws a failure when the time is over
 */
record Limited(State state, Runnable limit) implements State {

  @Override
  public <K, V> RootReference<K, V> root(Table<K, V> table) {
    return state.root(table);
  }

  @Override
  public void checkTime() {
    limit.run();
  }
}
