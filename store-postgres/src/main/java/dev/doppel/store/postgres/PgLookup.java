package dev.doppel.store.postgres;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Finds rows by a unique key. Keys that an event loop requests while an earlier query is under way
 * are combined into the next query: one for many keys costs the server hardly more than one for a
 * single key. Nothing is cached; a row is always read after it was requested.
 */
final class PgLookup<K, V> {

  private static final int MAX_KEYS_PER_QUERY = 256;
  private static final int MAX_WAITING_KEYS = 10_000;

  private final PgAccess access;
  private final String sql;
  private final Function<Collection<K>, Object> toArray;
  private final Function<Row, V> toValue;
  private final Function<V, K> keyOf;
  private final Map<Thread, Queue<K, V>> queues = new ConcurrentHashMap<>();

  /** The keys that one event loop waits for. Used by that thread only. */
  private static final class Queue<K, V> {
    final Map<K, Promise<Optional<V>>> promises = new LinkedHashMap<>();
    boolean isQueryUnderWay;
  }

  /**
   * @param sql its only parameter is an array of keys
   * @param toArray converts keys into such an array
   */
  PgLookup(
      PgAccess access,
      String sql,
      Function<Collection<K>, Object> toArray,
      Function<Row, V> toValue,
      Function<V, K> keyOf) {
    this.access = access;
    this.sql = sql;
    this.toArray = toArray;
    this.toValue = toValue;
    this.keyOf = keyOf;
  }

  /** Returns the value with the key; empty if there is none. */
  Future<Optional<V>> find(K key) {
    var context = Vertx.currentContext();
    if (context == null || !Context.isOnEventLoopThread()) {
      return query(Set.of(key)).map(found -> Optional.ofNullable(found.get(key)));
    }
    var queue = queues.computeIfAbsent(Thread.currentThread(), loop -> new Queue<>());
    if (queue.promises.size() >= MAX_WAITING_KEYS) {
      return Future.failedFuture(Failure.of(Reason.OVERLOADED));
    }
    var promise = queue.promises.computeIfAbsent(key, requested -> Promise.promise());
    if (!queue.isQueryUnderWay) {
      queue.isQueryUnderWay = true;
      context.runOnContext(now -> sendNext(queue)); // after other events of the same turn
    }
    return promise.future();
  }

  private void sendNext(Queue<K, V> queue) {
    var sent = new HashMap<K, Promise<Optional<V>>>();
    for (var all = queue.promises.entrySet().iterator();
        all.hasNext() && sent.size() < MAX_KEYS_PER_QUERY; ) {
      var next = all.next();
      sent.put(next.getKey(), next.getValue());
      all.remove();
    }
    if (sent.isEmpty()) {
      queue.isQueryUnderWay = false;
      return;
    }
    query(sent.keySet())
        .onComplete(
            answer -> {
              if (answer.succeeded()) {
                sent.forEach(
                    (key, promise) ->
                        promise.complete(Optional.ofNullable(answer.result().get(key))));
              } else {
                // Keys that wait behind these would wait as long again for the same error.
                var waiting = List.copyOf(queue.promises.values());
                queue.promises.clear();
                sent.values().forEach(promise -> promise.fail(answer.cause()));
                waiting.forEach(promise -> promise.fail(answer.cause()));
              }
              sendNext(queue);
            });
  }

  private Future<Map<K, V>> query(Collection<K> keys) {
    return access
        .lookup(sql, Tuple.of(toArray.apply(keys)))
        .map(
            rows -> {
              var found = new HashMap<K, V>();
              for (var row : rows) {
                var value = toValue.apply(row);
                found.put(keyOf.apply(value), value);
              }
              return found;
            });
  }
}
