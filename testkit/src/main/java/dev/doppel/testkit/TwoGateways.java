package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;

import dev.doppel.dialect.Dialect;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Ids;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Realm;
import dev.doppel.users.Secrets;
import dev.doppel.users.Storage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One dialect over one store, by two gateways: the second one serves a request while the first is
 * at a chosen step of another, so that every order of the two is tried and none is left to luck.
 * There are no users at first.
 */
public final class TwoGateways implements AutoCloseable {

  private final Vertx vertx;
  private final SteppedStorage stepped;
  private final Storage storage;
  private final PasswordHasher hasher;
  private final Realm first;
  private final Realm second;
  private final TestServer firstServer;
  private final TestServer secondServer;

  public TwoGateways(Vertx vertx, TestStore store, Function<Realm, Dialect> dialect) {
    this.vertx = vertx;
    hasher = new PasswordHasher(vertx, HashScheme.FAST, 2, 100);
    var opened = store.openTwice(vertx);
    stepped = new SteppedStorage(opened.first());
    storage = opened.second();
    first = realm(stepped, 1);
    second = realm(storage, 2);
    await(first.createDefaults());
    firstServer = new TestServer(vertx, dialect.apply(first));
    secondServer = new TestServer(vertx, dialect.apply(second));
  }

  private Realm realm(Storage storage, int node) {
    var clock = new TestClock();
    return Realm.over(
        vertx,
        storage,
        hasher,
        new Ids(clock, node),
        new Secrets(new Random(node)::nextBytes),
        clock,
        Realm.Settings.DEFAULT);
  }

  /** What the first gateway works on. */
  public Realm first() {
    return first;
  }

  /** What the second gateway works on. */
  public Realm second() {
    return second;
  }

  public TestServer firstServer() {
    return firstServer;
  }

  public TestServer secondServer() {
    return secondServer;
  }

  /** Leaves nothing in the store but what every realm has. */
  public void clear() {
    await(storage.clear());
    await(first.createDefaults());
  }

  /**
   * What two requests came to.
   *
   * @param withinChange whether the other began while the first was making a change of several, so
   *     that it could do nothing until that was made
   */
  public record Both<A, B>(A first, B other, boolean withinChange) {}

  /**
   * Makes a request of the first gateway, and another one before one of its steps. The step waits
   * until the other request is answered, unless it is part of a change of several.
   *
   * @param number of the step, from 1
   * @return empty if the first request has fewer steps
   */
  public <A, B> Optional<Both<A, B>> interleave(
      int number, Supplier<A> request, Supplier<B> other) {
    var steps = new AtomicInteger();
    var otherAnswer = Promise.<B>promise();
    var within = Promise.<Boolean>promise();
    stepped.beforeEach(
        step -> {
          if (steps.incrementAndGet() != number) {
            return Future.succeededFuture();
          }
          within.complete(step.withinChange());
          var made = vertx.executeBlocking(other::get, false).onComplete(otherAnswer);
          return step.withinChange() ? Future.succeededFuture() : made.mapEmpty();
        });
    var answer = request.get();
    stepped.beforeEach(step -> Future.succeededFuture());
    return steps.get() < number
        ? Optional.empty()
        : Optional.of(new Both<>(answer, await(otherAnswer.future()), await(within.future())));
  }

  /**
   * Makes a request of the first gateway, of whose calls that change something one fails with
   * UNAVAILABLE.
   *
   * @param number of that call, from 1
   */
  public <A> A failing(int number, Supplier<A> request) {
    var changes = new AtomicInteger();
    stepped.beforeEach(
        step ->
            step.changes() && changes.incrementAndGet() == number
                ? Future.failedFuture(Failure.of(Reason.UNAVAILABLE))
                : Future.succeededFuture());
    var answer = request.get();
    stepped.beforeEach(step -> Future.succeededFuture());
    return answer;
  }

  @Override
  public void close() {
    firstServer.close();
    secondServer.close();
    hasher.close();
    await(first.storage().close());
    await(second.storage().close());
  }
}
