package dev.doppel.store;

import org.h2.mvstore.Cursor;
import org.h2.mvstore.RootReference;
import org.jspecify.annotations.Nullable;

/** What all tables hold at one moment, or hold while a change is being made. */
interface State {

  /** The root of the table's tree of pages, which are never changed in place. */
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

  /** All entries, in ascending order of their keys. */
  default <K, V> Cursor<K, V> all(Table<K, V> table) {
    return between(table, null, null, false);
  }

  /**
   * The entries between two keys, both included.
   *
   * @param from the first one's; null for where the table begins in this direction
   * @param to the last one's; null for where it ends
   */
  default <K, V> Cursor<K, V> between(
      Table<K, V> table, @Nullable K from, @Nullable K to, boolean descending) {
    return new Cursor<>(root(table), from, to, descending);
  }
}
