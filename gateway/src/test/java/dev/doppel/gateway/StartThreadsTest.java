package dev.doppel.gateway;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Listen;
import dev.doppel.DoppelConfig.Tls;
import dev.doppel.Seed;
import dev.doppel.gateway.http.Listener;
import dev.doppel.store.MvStore;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The threads of a start, and those that serve afterwards. */
class StartThreadsTest {

  private final Vertx vertx = Vertx.vertx();

  @TempDir Path folder;

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private <T> Future<T> onEventLoop(Supplier<Future<T>> work) {
    var done = Promise.<T>promise();
    vertx.runOnContext(go -> work.get().onComplete(done));
    return done.future();
  }

  /**
   * Starts on an event loop. Opening and filling a store, reading certificates, creating
   * dispatchers and opening ports throw on event loops.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void start_doesNotBlockEventLoops(boolean file) {
    var config =
        DoppelConfig.DEFAULT.toBuilder()
            .listen(new Listen("127.0.0.1", 0, false, Optional.of(new Tls.SelfSigned())))
            .store(file ? MvStore.file(folder.resolve("users.db")) : MvStore.memory())
            .hash(HashScheme.FAST)
            .credentials(
                new Credentials(
                    Optional.empty(),
                    Optional.of(new Password("a-password")),
                    Optional.empty(),
                    false))
            .seed(Seed.parse("users: [{name: ann, password: P@ssw0rd1}]"))
            .controlPort(0)
            .build();
    var gateway = await(onEventLoop(() -> Gateway.start(vertx, config)));
    assertThat(gateway.port()).isPositive();
    await(gateway.close());
  }

  @Test
  void longWork_isRejectedOnEventLoop() {
    var store = MvStore.file(folder.resolve("users.db"));
    assertThatThrownBy(
            () ->
                await(onEventLoop(() -> Future.future(p -> p.complete(Stores.open(vertx, store))))))
        .hasMessageContaining("too long for an event loop");
  }

  /** Servers are opened on workers, and each serves on an event loop of its own. */
  @Test
  void requests_areServedByAllEventLoops() {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    var loops = 3;
    var listener =
        await(
            Listener.open(
                vertx,
                new Listener.Address("--port", "127.0.0.1", 0),
                Optional.empty(),
                loops,
                new Listener.RequestHandlers(
                    request -> {
                      assertThat(Context.isOnEventLoopThread()).isTrue();
                      threads.add(Thread.currentThread().getName());
                      request.response().end();
                    },
                    request -> request.response().setStatusCode(400).end())));
    var connections = 2 * loops;
    var client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(false),
            new PoolOptions().setHttp1MaxSize(connections));
    var answers = new ArrayList<Future<Integer>>();
    for (int i = 0; i < connections; i++) {
      answers.add(
          client
              .request(HttpMethod.GET, listener.port(), "127.0.0.1", "/")
              .compose(request -> request.send())
              .map(answer -> answer.statusCode()));
    }
    await(Future.all(answers));
    assertThat(answers).extracting(Future::result).containsOnly(200);
    assertThat(threads).hasSize(loops);
    await(listener.close(Duration.ZERO));
  }
}
