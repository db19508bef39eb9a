package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy in front of a server that can be cut (connections break, new ones are refused),
 * stalled (connections stay open, but no bytes pass) and mended again.
 */
public final class Link implements AutoCloseable {

  private final Vertx vertx;
  private final String host;
  private final int target;
  private final NetClient client;
  private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
  private final int port;
  private volatile boolean stalled;
  private volatile boolean cut;
  private NetServer server;

  public Link(Vertx vertx, String host, int target) {
    this.vertx = vertx;
    this.host = host;
    this.target = target;
    client = vertx.createNetClient();
    server = listen(0);
    port = server.actualPort();
  }

  private NetServer listen(int port) {
    return await(vertx.createNetServer().connectHandler(this::forward).listen(port, "127.0.0.1"));
  }

  /** Returns the port of the proxy on 127.0.0.1. */
  public int port() {
    return port;
  }

  private void forward(NetSocket near) {
    sockets.add(near);
    near.pause();
    near.closeHandler(closed -> sockets.remove(near));
    if (stalled) {
      return;
    }
    client
        .connect(target, host)
        .onSuccess(
            far -> {
              sockets.add(far);
              far.closeHandler(
                  closed -> {
                    sockets.remove(far);
                    near.close();
                  });
              near.closeHandler(
                  closed -> {
                    sockets.remove(near);
                    far.close();
                  });
              near.handler(data -> pass(data, far));
              far.handler(data -> pass(data, near));
              near.resume();
              if (cut) {
                near.close();
              }
            })
        .onFailure(thrown -> near.close());
  }

  private void pass(Buffer data, NetSocket to) {
    if (!stalled) {
      to.write(data);
    }
  }

  /** Closes every connection and refuses new ones. */
  public void cut() {
    cut = true;
    await(server.close());
    await(Future.join(sockets.stream().map(NetSocket::close).toList()).otherwiseEmpty());
  }

  /** Discards all bytes in both directions from now on. */
  public void stall() {
    stalled = true;
  }

  /** Forwards new connections again. Stalled connections stay broken: bytes of them are lost. */
  public void mend() {
    stalled = false;
    if (cut) {
      cut = false;
      Await.until("the port is free again", this::listenAgain);
    }
  }

  /** Listens on the same port again, which the system may not release at once. */
  private boolean listenAgain() {
    var listening =
        await(
            vertx
                .createNetServer()
                .connectHandler(this::forward)
                .listen(port, "127.0.0.1")
                .map(Optional::of)
                .otherwise(Optional.empty()));
    listening.ifPresent(opened -> server = opened);
    return listening.isPresent();
  }

  @Override
  public void close() {
    await(server.close());
    await(client.close());
  }
}
