package dev.doppel.store;

import dev.doppel.users.User;
import dev.doppel.users.UserFilter;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.mvstore.Page;
import org.jspecify.annotations.Nullable;

/**
 * How many users pass a filter. A client that turns the pages of a list asks for the same count
 * with each, so the last ones are remembered until any user changes: pages of the map are never
 * changed in place, so another state of it has another root.
 */
final class PassingCounts {

  private static final int REMEMBERED = 64;

  private volatile Counts last = new Counts(new WeakReference<>(null), Map.of());

  /** All of one state of the map, which they don't keep from being forgotten. */
  private record Counts(
      WeakReference<@Nullable Page<Long, User>> state, Map<UserFilter, Long> all) {}

  long of(State state, Table<Long, User> users, UserFilter filter) {
    var counts = of(state.root(users).root).all;
    var known = counts.get(filter);
    if (known != null) {
      return known;
    }
    var counted = count(state, users, filter);
    if (counts.size() >= REMEMBERED) {
      counts.clear();
    }
    counts.put(filter, counted);
    return counted;
  }

  private Counts of(Page<Long, User> state) {
    var counts = last;
    if (counts.state.get() != state) {
      counts = new Counts(new WeakReference<>(state), new ConcurrentHashMap<>());
      last = counts;
    }
    return counts;
  }

  private static long count(State state, Table<Long, User> users, UserFilter filter) {
    long passed = 0;
    for (var all = state.all(users); all.hasNext(); ) {
      state.checkTime();
      all.next();
      if (filter.test(all.getValue())) {
        passed++;
      }
    }
    return passed;
  }
}
