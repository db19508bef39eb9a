package dev.doppel.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A gateway inside this process, for tests and tools. Calls wait until they are done, 20 seconds at
 * most.
 */
public final class Doppel implements AutoCloseable {

  private static final long SECONDS = 20;

  private final Vertx vertx;
  private final Gateway gateway;

  private Doppel(Vertx vertx, Gateway gateway) {
    this.vertx = vertx;
    this.gateway = gateway;
  }

  /** With everything at its default, on a free port of loopback. */
  public static Doppel start() {
    return start(GatewayConfig.DEFAULT.onPort(0));
  }

  /**
   * As configured.
   *
   * @throws Refused as {@link Gateway#start}
   */
  public static Doppel start(GatewayConfig config) {
    var vertx = Vertx.vertx();
    try {
      return new Doppel(vertx, await(Gateway.start(vertx, config)));
    } catch (RuntimeException failed) {
      await(vertx.close());
      throw failed;
    }
  }

  /** Base URL of every dialect, without a slash at the end. */
  public URI uri() {
    return URI.create(gateway.url());
  }

  /** Goes back to how the store was when the gateway was ready, and to the machine's time. */
  public void reset() {
    await(gateway.reset());
  }

  @Override
  public void close() {
    await(gateway.close());
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done within " + SECONDS + " s", e);
    }
  }
}
