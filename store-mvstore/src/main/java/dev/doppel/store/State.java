package dev.doppel.store;

import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.RootReference;
import org.jspecify.annotations.Nullable;

/** The content of all tables at one moment, or as a change sees it. */
interface State {

  /** Returns the root of the table's tree of pages, which are never modified. */
  <K, V> RootReference<K, V> root(Table<K, V> table);

  /** Throws a failure when the time for a search is over. */
  default void checkTime() {}

  default <K, V> @Nullable V get(Table<K, V> table, K key) {
    return table.map().get(root(table).root, key);
  }

  default <K, V> boolean has(Table<K, V> table, K key) {
    return get(table, key) != null;
  }

  default <K, V> long size(Table<K, V> table) {
    return root(table).getTotalCount();
  }

  /** Returns all entries, in ascending order of their keys. */
  default <K, V> Cursor<K, V> all(Table<K, V> table) {
    return between(table, null, null, false);
  }

  /** Returns a new list of all values, in ascending order of their keys. */
  default <K, V> List<V> values(Table<K, V> table) {
    var values = new ArrayList<V>();
    for (var all = all(table); all.hasNext(); ) {
      all.next();
      values.add(all.getValue());
    }
    return values;
  }

  /**
   * Returns the entries between two keys, both included.
   *
   * @param from the first key in this direction; null for no limit
   * @param to the last key in this direction; null for no limit
   */
  default <K, V> Cursor<K, V> between(
      Table<K, V> table, @Nullable K from, @Nullable K to, boolean descending) {
    return new Cursor<>(root(table), from, to, descending);
  }
}
