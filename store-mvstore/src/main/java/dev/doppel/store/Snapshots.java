package dev.doppel.store;

import dev.doppel.users.Storage.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.h2.mvstore.MVStore;

/** The snapshots of a storage. Used by changes only, which run one at a time. */
final class Snapshots {

  /** The content of the storage at one moment. */
  interface SavedState {

    void restore(Change change);

    /** Releases the content when it can't be restored any more. */
    void release();
  }

  private final NavigableMap<Snapshot, SavedState> states =
      new TreeMap<>(Comparator.comparing(Snapshot::number));

  private long lastNumber;

  Snapshot add(SavedState state) {
    var snapshot = new Snapshot(++lastNumber);
    states.put(snapshot, state);
    return snapshot;
  }

  /**
   * Restores a snapshot and releases all later ones.
   *
   * @throws IllegalArgumentException if there is no such snapshot
   */
  void restore(Snapshot snapshot, Change change) {
    var state = states.get(snapshot);
    if (state == null) {
      throw new IllegalArgumentException("there is no snapshot " + snapshot.number());
    }
    state.restore(change);
    var later = states.tailMap(snapshot, false);
    later.values().forEach(SavedState::release);
    later.clear();
  }

  void clear() {
    states.values().forEach(SavedState::release);
    states.clear();
  }

  /** In memory: a version of the store, to which it is rolled back in an instant. */
  static final class StoreVersion implements SavedState {

    private final MVStore store;
    private final long version;
    private MVStore.TxCounter usage;

    StoreVersion(MVStore store) {
      this.store = store;
      version = store.getCurrentVersion();
      usage = store.registerVersionUsage();
    }

    @Override
    public void restore(Change change) {
      store.rollbackTo(version);
      usage = store.registerVersionUsage(); // the rollback dropped the former registration
    }

    @Override
    public void release() {
      store.deregisterVersionUsage(usage);
    }
  }

  /**
   * In a file: the content of the tables, which is written again. The file itself can't be rolled
   * back, since the space of deleted entries may be in use again.
   */
  record TableContents(View view, List<Table<?, ?>> tables) implements SavedState {

    @Override
    public void restore(Change change) {
      tables.forEach(table -> restore(change, table));
    }

    private <K, V> void restore(Change change, Table<K, V> table) {
      change.clear(table);
      for (var all = view.all(table); all.hasNext(); ) {
        var key = all.next();
        change.put(table, key, all.getValue());
      }
    }

    @Override
    public void release() {
      view.release();
    }
  }
}
