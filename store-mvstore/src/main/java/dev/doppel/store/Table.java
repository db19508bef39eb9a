package dev.doppel.store;

import org.h2.mvstore.MVMap;

/** One map of a store. Not a record, whose equality would compare maps entry by entry. */
final class Table<K, V> {

  private final int number;
  private final MVMap<K, V> map;

  /**
   * @param number index of the root in a {@link View}
   */
  Table(int number, MVMap<K, V> map) {
    this.number = number;
    this.map = map;
  }

  int number() {
    return number;
  }

  MVMap<K, V> map() {
    return map;
  }
}
