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
 * Finds rows by a key of theirs. Keys that an event loop asks for while it waits for the answer to
 * earlier ones are asked for together, in the next statement: a statement for many costs the server
 * hardly more than one for one. Nothing is remembered, each is read after it was asked for.
 */
final class PgLookup<K, V> {

  private static final int MOST_AT_ONCE = 256;
  private static final int MOST_WAITING = 10_000;

  private final PgAccess access;
  private final String sql;
  private final Function<Collection<K>, Object> array;
  private final Function<Row, V> value;
  private final Function<V, K> key;
  private final Map<Thread, Waiting<K, V>> waiting = new ConcurrentHashMap<>();

  /** One event loop's, so touched by one thread. */
  private static final class Waiting<K, V> {
    final Map<K, Promise<Optional<V>>> promises = new LinkedHashMap<>();
    boolean underWay;
  }

  /**
   * @param sql its one parameter is an array of keys
   * @param array keys as such an array
   */
  PgLookup(
      PgAccess access,
      String sql,
      Function<Collection<K>, Object> array,
      Function<Row, V> value,
      Function<V, K> key) {
    this.access = access;
    this.sql = sql;
    this.array = array;
    this.value = value;
    this.key = key;
  }

  /** What has the key, if anything has. */
  Future<Optional<V>> find(K key) {
    var context = Vertx.currentContext();
    if (context == null || !Context.isOnEventLoopThread()) {
      return ask(Set.of(key)).map(found -> Optional.ofNullable(found.get(key)));
    }
    var on = waiting.computeIfAbsent(Thread.currentThread(), loop -> new Waiting<>());
    if (on.promises.size() >= MOST_WAITING) {
      return Future.failedFuture(Failure.of(Reason.OVERLOADED));
    }
    var promise = on.promises.computeIfAbsent(key, asked -> Promise.promise());
    if (!on.underWay) {
      on.underWay = true;
      context.runOnContext(now -> send(on)); // after what else has arrived in this turn
    }
    return promise.future();
  }

  private void send(Waiting<K, V> on) {
    var sent = new HashMap<K, Promise<Optional<V>>>();
    for (var all = on.promises.entrySet().iterator();
        all.hasNext() && sent.size() < MOST_AT_ONCE; ) {
      var next = all.next();
      sent.put(next.getKey(), next.getValue());
      all.remove();
    }
    if (sent.isEmpty()) {
      on.underWay = false;
      return;
    }
    ask(sent.keySet())
        .onComplete(
            answer -> {
              if (answer.succeeded()) {
                sent.forEach(
                    (key, promise) ->
                        promise.complete(Optional.ofNullable(answer.result().get(key))));
              } else {
                // What waited behind it would wait as long again for the same.
                var behind = List.copyOf(on.promises.values());
                on.promises.clear();
                sent.values().forEach(promise -> promise.fail(answer.cause()));
                behind.forEach(promise -> promise.fail(answer.cause()));
              }
              send(on);
            });
  }

  private Future<Map<K, V>> ask(Collection<K> keys) {
    return access
        .lookup(sql, Tuple.of(array.apply(keys)))
        .map(
            rows -> {
              var found = new HashMap<K, V>();
              for (var row : rows) {
                var one = value.apply(row);
                found.put(key.apply(one), one);
              }
              return found;
            });
  }
}
