package dev.doppel.store;

import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.RootReference;
import org.jspecify.annotations.Nullable;

/** A change while it is being made: reads what it has written, and can take it all back. */
final class Change implements State {

  private final List<Runnable> made = new ArrayList<>();

  @Override
  public <K, V> RootReference<K, V> root(Table<K, V> table) {
    return table.map().getRoot();
  }

  <K, V> void put(Table<K, V> table, K key, V value) {
    var before = table.map().put(key, value);
    made.add(before == null ? () -> table.map().remove(key) : () -> table.map().put(key, before));
  }

  <K, V> @Nullable V remove(Table<K, V> table, K key) {
    var before = table.map().remove(key);
    if (before != null) {
      made.add(() -> table.map().put(key, before));
    }
    return before;
  }

  <K, V> void clear(Table<K, V> table) {
    var before = all(table);
    table.map().clear();
    made.add(() -> before.forEachRemaining(key -> table.map().put(key, before.getValue())));
  }

  /** How far it is, to go back to. */
  int mark() {
    return made.size();
  }

  /** Takes back what was written since then. */
  void backTo(int mark) {
    while (made.size() > mark) {
      made.remove(made.size() - 1).run();
    }
  }
}
