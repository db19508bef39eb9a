package dev.doppel.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes one state of all tables into the file of a new store, while changes go on. The file has no
 * seal and no unused space.
 */
final class Backup {

  /** Maximum size of copied entries in memory. */
  private static final int MAX_UNSAVED_BYTES = 8 << 20;

  private final State from;
  private final Tables tables;
  private final StoreFile.Unsealed copy;

  private Backup(State from, Tables tables, StoreFile.Unsealed copy) {
    this.from = from;
    this.tables = tables;
    this.copy = copy;
  }

  /**
   * Writes the file, or deletes it if that fails.
   *
   * @param from readable for a limited time
   * @param target created with mode 0600
   * @throws java.nio.file.FileAlreadyExistsException if it exists
   */
  static void write(State from, Tables tables, Path target) throws IOException {
    PrivateFile.create(target);
    try (var copy = StoreFile.Unsealed.create(target)) {
      new Backup(from, tables, copy).copy();
    } catch (RuntimeException | Error failed) {
      Files.deleteIfExists(target);
      throw failed;
    }
  }

  private void copy() {
    var copies = copy.tables().all();
    for (var table : tables.all()) {
      copy(table, copies.get(table.number()));
    }
  }

  @SuppressWarnings("unchecked") // tables with the same number have the same types
  private <K, V> void copy(Table<K, V> table, Table<?, ?> to) {
    var map = ((Table<K, V>) to).map();
    for (var all = from.all(table); all.hasNext(); ) {
      from.checkTime();
      var key = all.next();
      map.put(key, all.getValue());
      copy.commitAbove(MAX_UNSAVED_BYTES);
    }
  }
}
