package dev.doppel.store;

import dev.doppel.users.User;
import dev.doppel.users.UserFilter;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.mvstore.Page;
import org.jspecify.annotations.Nullable;

/**
 * Counts the users that pass a filter. A client that pages through a list requests the same count
 * with each page, so recent counts are cached until any user changes: pages of the map are never
 * modified, so another state of it has another root. Thread-safe.
 */
final class FilterCounts {

  private static final int MAX_CACHED = 64;

  private volatile Cache cache = new Cache(new WeakReference<>(null), Map.of());

  /** The counts of one state of the map. The reference doesn't keep the state in memory. */
  private record Cache(
      WeakReference<@Nullable Page<Long, User>> root, Map<UserFilter, Long> counts) {}

  long count(State state, Table<Long, User> users, UserFilter filter) {
    var counts = cacheOf(state.root(users).root).counts;
    var cached = counts.get(filter);
    if (cached != null) {
      return cached;
    }
    var count = countAll(state, users, filter);
    if (counts.size() >= MAX_CACHED) {
      counts.clear();
    }
    counts.put(filter, count);
    return count;
  }

  private Cache cacheOf(Page<Long, User> root) {
    var current = cache;
    if (current.root.get() != root) {
      current = new Cache(new WeakReference<>(root), new ConcurrentHashMap<>());
      cache = current;
    }
    return current;
  }

  private static long countAll(State state, Table<Long, User> users, UserFilter filter) {
    long count = 0;
    for (var all = state.all(users); all.hasNext(); ) {
      state.checkTime();
      all.next();
      if (filter.test(all.getValue())) {
        count++;
      }
    }
    return count;
  }
}
