package dev.doppel.store;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.mvstore.RootReference;

/** The content of all tables after a change. Immutable; released by its last reader. */
final class View implements State {

  private final RootReference<?, ?>[] roots;
  private final Queue<Runnable> release = new ConcurrentLinkedQueue<>();

  /** Itself counted while it is the newest. */
  private final AtomicInteger readers = new AtomicInteger(1);

  /**
   * @param release called once, after a newer view has replaced it and its last reader has left
   */
  View(List<Table<?, ?>> tables, Runnable release) {
    this.release.add(release);
    roots = new RootReference<?, ?>[tables.size()];
    for (var table : tables) {
      roots[table.number()] = table.map().getRoot();
    }
  }

  @Override
  @SuppressWarnings("unchecked") // of the table with this number
  public <K, V> RootReference<K, V> root(Table<K, V> table) {
    return (RootReference<K, V>) roots[table.number()];
  }

  /** Whether it can still be read; {@link #leave} follows if so. */
  boolean enter() {
    for (int now = readers.get(); now > 0; now = readers.get()) {
      if (readers.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  void leave() {
    if (readers.decrementAndGet() == 0) {
      release.forEach(Runnable::run);
    }
  }

  /** Adds something to call then. It must not have been replaced yet. */
  void onRelease(Runnable more) {
    release.add(more);
  }
}
