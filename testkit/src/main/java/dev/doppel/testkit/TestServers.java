package dev.doppel.testkit;

import dev.doppel.dialect.Dialect;
import io.vertx.core.Vertx;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Several servers for one dialect, each with an event loop of its own as in a gateway, so that
 * requests are served in parallel.
 */
public final class TestServers implements AutoCloseable {

  private static final int SERVERS = 4;
  private static final long TIMEOUT_SECONDS = 20;
  private static final int CORES = 2;

  private final List<TestServer> servers;

  public TestServers(Vertx vertx, Dialect dialect) {
    // A server takes the event loop of the thread that starts it.
    servers = inParallel(Collections.nCopies(SERVERS, () -> new TestServer(vertx, dialect)));
  }

  /** Returns one of the servers. */
  public TestServer any() {
    return servers.get(0);
  }

  /**
   * Makes calls at the same moment, distributed over the servers, and returns their results in the
   * order of the calls.
   */
  public <T> List<T> race(List<Function<TestServer, T>> calls) {
    return inParallel(
        IntStream.range(0, calls.size())
            .<Callable<T>>mapToObj(i -> () -> calls.get(i).apply(servers.get(i % SERVERS)))
            .toList());
  }

  private static <T> List<T> inParallel(List<Callable<T>> calls) {
    var barrier = new CyclicBarrier(calls.size());
    var running = new AtomicInteger();
    var threads = Executors.newFixedThreadPool(calls.size());
    try {
      var started =
          calls.stream()
              .map(
                  call ->
                      threads.submit(
                          () -> {
                            barrier.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                            running.incrementAndGet();
                            while (running.get() < Math.min(calls.size(), CORES)) {
                              Thread.onSpinWait(); // threads leave the barrier at different times
                            }
                            return call.call();
                          }))
              .toList();
      return started.stream().map(TestServers::result).toList();
    } finally {
      threads.shutdownNow();
    }
  }

  private static <T> T result(Future<T> call) {
    try {
      return call.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | InterruptedException | TimeoutException e) {
      throw new AssertionError("a call failed or returned no result in time", e);
    }
  }

  @Override
  public void close() {
    servers.forEach(TestServer::close);
  }
}
