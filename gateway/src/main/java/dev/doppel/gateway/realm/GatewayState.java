package dev.doppel.gateway.realm;

import dev.doppel.BadRequestException;
import dev.doppel.DoppelConfig;
import dev.doppel.Seed;
import dev.doppel.SeedConflictException;
import dev.doppel.StartupException;
import dev.doppel.gateway.thread.Workers;
import dev.doppel.users.Storage.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The data of a realm as a whole, in one store or in several: its initial state, seeds, snapshots
 * and resets.
 */
public final class GatewayState {

  private final Vertx vertx;
  private final DoppelConfig config;
  private final List<StoreState> stores;

  /** The snapshots of several stores, in their order, by the number in the first store. */
  private final Map<Long, List<Snapshot>> snapshots = new ConcurrentHashMap<>();

  GatewayState(Vertx vertx, DoppelConfig config, List<StoreState> stores) {
    this.vertx = vertx;
    this.config = config;
    this.stores = List.copyOf(stores);
  }

  /** Returns whether the stores keep their data after the process has ended. */
  public boolean isPersistent() {
    return config.store().isPersistent();
  }

  /**
   * Creates the default organization and the built-in roles, and in a store without users the
   * administrator and the seed. Fails with {@link StartupException} if there would be no user to
   * sign in with, or if the seed can't be loaded.
   */
  public Future<Void> prepare() {
    return SeedLoader.forEachInOrder(stores, StoreState::prepare);
  }

  /**
   * Restores the state at start and the machine's time. A persistent store is emptied and filled
   * again. Fails with {@link StartupException}, and changes nothing, if there would be no user to
   * sign in with.
   */
  Future<Void> reset() {
    var prepared = new ArrayList<Supplier<Future<Void>>>();
    return SeedLoader.forEachInOrder(
            stores, store -> store.prepareReset().onSuccess(prepared::add).mapEmpty())
        .compose(done -> SeedLoader.forEachInOrder(prepared, Supplier::get))
        .onSuccess(done -> snapshots.clear());
  }

  /** Takes a snapshot of all data, which the number of the first store's snapshot names. */
  public Future<Snapshot> snapshot() {
    var taken = new ArrayList<Snapshot>();
    return SeedLoader.forEachInOrder(stores, store -> store.snapshot().onSuccess(taken::add))
        .map(
            done -> {
              if (stores.size() > 1) {
                snapshots.put(taken.get(0).number(), List.copyOf(taken));
              }
              return taken.get(0);
            });
  }

  /** Restores a snapshot. Fails with {@link IllegalArgumentException} if it doesn't exist. */
  public Future<Void> restore(long number) {
    if (stores.size() == 1) {
      return stores.get(0).restore(new Snapshot(number));
    }
    var taken = snapshots.get(number);
    if (taken == null) {
      return Future.failedFuture(new IllegalArgumentException("no snapshot " + number));
    }
    var next = taken.iterator();
    return SeedLoader.forEachInOrder(stores, store -> store.restore(next.next()))
        .onSuccess(done -> snapshots.keySet().removeIf(other -> other > number));
  }

  /**
   * Loads a seed, all of it or nothing. Fails with {@link SeedConflictException} if rows conflict
   * with a store: several stores are all checked before the first is changed.
   */
  public Future<Seeding.SeedCounts> seed(Seed seed) {
    return (stores.size() == 1
            ? Future.<Void>succeededFuture()
            : SeedLoader.forEachInOrder(stores, store -> store.checkSeed(seed)))
        .compose(checked -> SeedLoader.forEachInOrder(stores, store -> store.seed(seed)))
        .map(done -> Seeding.SeedCounts.of(seed));
  }

  /**
   * Parses and loads a seed as {@link #seed(Seed)} does. Fails with {@link BadRequestException} if
   * the text isn't a seed.
   */
  public Future<Seeding.SeedCounts> seed(String text) {
    return Workers.run(vertx, () -> seed(Seed.parse(text)));
  }
}
