package dev.doppel.store;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.mvstore.RootReference;

/**
 * The content of all tables after a change, with a count of its users: the readers, and the storage
 * while the view is the current one. Thread-safe.
 */
final class View implements State {

  private final RootReference<?, ?>[] roots;
  private final Queue<Runnable> onRelease = new ConcurrentLinkedQueue<>();
  private final AtomicInteger users = new AtomicInteger(1);

  /**
   * @param onRelease called once, when a newer view has replaced this one and its last reader is
   *     done
   */
  View(List<Table<?, ?>> tables, Runnable onRelease) {
    this.onRelease.add(onRelease);
    roots = new RootReference<?, ?>[tables.size()];
    for (var table : tables) {
      roots[table.number()] = table.map().getRoot();
    }
  }

  @Override
  @SuppressWarnings("unchecked") // the root of the table with this number
  public <K, V> RootReference<K, V> root(Table<K, V> table) {
    return (RootReference<K, V>) roots[table.number()];
  }

  /** Returns whether the view is still readable. If so, the caller must {@link #release} it. */
  boolean acquire() {
    for (int count = users.get(); count > 0; count = users.get()) {
      if (users.compareAndSet(count, count + 1)) {
        return true;
      }
    }
    return false;
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      onRelease.forEach(Runnable::run);
    }
  }

  /** Adds an action for the release of the view, which must still be the current one. */
  void onRelease(Runnable action) {
    onRelease.add(action);
  }
}
