package dev.doppel.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes what all tables hold at one moment into a new store's file, while changes go on. That file
 * has no seal, and no unused space.
 */
final class Backup {

  /** Of entries that have been copied and not been written yet. */
  private static final int MAX_UNSAVED = 8 << 20;

  private final State from;
  private final Tables tables;
  private final StoreFile.Raw copy;

  private Backup(State from, Tables tables, StoreFile.Raw copy) {
    this.from = from;
    this.tables = tables;
    this.copy = copy;
  }

  /**
   * Writes the file; deletes it again if that fails.
   *
   * @param from looked at for a limited time
   * @param target created with mode 0600
   * @throws java.nio.file.FileAlreadyExistsException if it exists
   */
  static void write(State from, Tables tables, Path target) throws IOException {
    PrivateFile.create(target);
    try (var copy = StoreFile.Raw.create(target)) {
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

  @SuppressWarnings("unchecked") // tables of one number have the same types
  private <K, V> void copy(Table<K, V> table, Table<?, ?> to) {
    var map = ((Table<K, V>) to).map();
    for (var all = from.all(table); all.hasNext(); ) {
      from.checkTime();
      var key = all.next();
      map.put(key, all.getValue());
      copy.saveBeyond(MAX_UNSAVED);
    }
  }
}
