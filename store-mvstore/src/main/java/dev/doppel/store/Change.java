package dev.doppel.store;

import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.RootReference;
import org.jspecify.annotations.Nullable;

/** A change in progress: reads its own writes, and can undo them. Used by one thread at a time. */
final class Change implements State {

  /** Undoes each write, in the order of the writes. */
  private final List<Runnable> undoLog = new ArrayList<>();

  @Override
  public <K, V> RootReference<K, V> root(Table<K, V> table) {
    return table.map().getRoot();
  }

  <K, V> void put(Table<K, V> table, K key, V value) {
    var before = table.map().put(key, value);
    undoLog.add(
        before == null ? () -> table.map().remove(key) : () -> table.map().put(key, before));
  }

  <K, V> @Nullable V remove(Table<K, V> table, K key) {
    var before = table.map().remove(key);
    if (before != null) {
      undoLog.add(() -> table.map().put(key, before));
    }
    return before;
  }

  <K, V> void clear(Table<K, V> table) {
    var before = all(table);
    table.map().clear();
    undoLog.add(() -> before.forEachRemaining(key -> table.map().put(key, before.getValue())));
  }

  /** Returns the present point of the change, for {@link #rollbackTo}. */
  int savepoint() {
    return undoLog.size();
  }

  /** Undoes all writes since a savepoint. */
  void rollbackTo(int savepoint) {
    while (undoLog.size() > savepoint) {
      undoLog.remove(undoLog.size() - 1).run();
    }
  }

  /** Undoes all writes. */
  void rollback() {
    rollbackTo(0);
  }
}
