package dev.doppel.store;

import dev.doppel.users.Storage.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.h2.mvstore.MVStore;

/** What a storage can go back to. Used by changes alone, of which there is one at a time. */
final class Snapshots {

  /** What was kept at one moment. */
  interface Moment {

    void restore(Change change);

    /** Called when nothing goes back to it any more. */
    void forget();
  }

  private final NavigableMap<Snapshot, Moment> moments =
      new TreeMap<>(Comparator.comparing(Snapshot::number));

  private long last;

  Snapshot add(Moment moment) {
    var snapshot = new Snapshot(++last);
    moments.put(snapshot, moment);
    return snapshot;
  }

  /**
   * Goes back to a snapshot and forgets those after it.
   *
   * @throws IllegalArgumentException if there is no such snapshot
   */
  void restore(Snapshot snapshot, Change change) {
    var moment = moments.get(snapshot);
    if (moment == null) {
      throw new IllegalArgumentException("there is no snapshot " + snapshot.number());
    }
    moment.restore(change);
    var later = moments.tailMap(snapshot, false);
    later.values().forEach(Moment::forget);
    later.clear();
  }

  void clear() {
    moments.values().forEach(Moment::forget);
    moments.clear();
  }

  /** In memory: a version of the store, which goes back to it in a moment. */
  static final class Version implements Moment {

    private final MVStore store;
    private final long version;
    private MVStore.TxCounter usage;

    Version(MVStore store) {
      this.store = store;
      version = store.getCurrentVersion();
      usage = store.registerVersionUsage();
    }

    @Override
    public void restore(Change change) {
      store.rollbackTo(version);
      usage = store.registerVersionUsage(); // it has forgotten the one before
    }

    @Override
    public void forget() {
      store.deregisterVersionUsage(usage);
    }
  }

  /**
   * In a file: its tables, which are written anew. The file itself can't go back, for the space of
   * what was removed since may be in use again.
   */
  record Content(View view, List<Table<?, ?>> tables) implements Moment {

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
    public void forget() {
      view.leave();
    }
  }
}
