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
 * Two gateways with one dialect over one storage. The second one serves a request before a chosen
 * step of a request to the first, so that a test can try every order of the two. The storage has no
 * users at first.
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

  /** Returns the realm of the first gateway. */
  public Realm first() {
    return first;
  }

  /** Returns the realm of the second gateway. */
  public Realm second() {
    return second;
  }

  public TestServer firstServer() {
    return firstServer;
  }

  public TestServer secondServer() {
    return secondServer;
  }

  /** Deletes everything but the default organization and the built-in roles. */
  public void clear() {
    await(storage.clear());
    await(first.createDefaults());
  }

  /**
   * The results of two interleaved requests.
   *
   * @param withinChange whether the second request began while the first was within a change of
   *     several calls, so that it could write only after that change
   */
  public record Results<A, B>(A first, B second, boolean withinChange) {}

  /**
   * Sends a request to the first gateway, and another one before one of its steps. The step waits
   * for the answer of the other request, unless it is within a change.
   *
   * @param number number of the step, from 1
   * @return empty if the first request has fewer steps
   */
  public <A, B> Optional<Results<A, B>> interleave(
      int number, Supplier<A> first, Supplier<B> second) {
    var steps = new AtomicInteger();
    var secondAnswer = Promise.<B>promise();
    var within = Promise.<Boolean>promise();
    stepped.beforeEach(
        step -> {
          if (steps.incrementAndGet() != number) {
            return Future.succeededFuture();
          }
          within.complete(step.withinChange());
          var answered = vertx.executeBlocking(second::get, false).onComplete(secondAnswer);
          return step.withinChange() ? Future.succeededFuture() : answered.mapEmpty();
        });
    var firstAnswer = first.get();
    stepped.beforeEach(step -> Future.succeededFuture());
    return steps.get() < number
        ? Optional.empty()
        : Optional.of(
            new Results<>(firstAnswer, await(secondAnswer.future()), await(within.future())));
  }

  /**
   * Sends a request to the first gateway and lets one of its write calls fail with UNAVAILABLE.
   *
   * @param number number of the write call, from 1
   */
  public <A> A withFailure(int number, Supplier<A> request) {
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
