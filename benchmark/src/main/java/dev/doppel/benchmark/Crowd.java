package dev.doppel.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;

/** Idle connections, and connections that send one byte of a request per second. */
final class Crowd implements AutoCloseable {

  private static final byte[] BEGINNING =
      "POST /api/v2/users HTTP/1.1\r\nHost: x\r\nX-Slow: ".getBytes(StandardCharsets.ISO_8859_1);

  private static final long PAUSE = 1000;

  private final List<Socket> idle = new ArrayList<>();
  private final List<Socket> slow = new ArrayList<>();
  private final Timer sender = new Timer(true);

  static Crowd gather(int port, int idle, int slow) throws IOException {
    var crowd = new Crowd();
    for (int i = 0; i < idle; i++) {
      crowd.idle.add(new Socket(InetAddress.getLoopbackAddress(), port));
    }
    for (int i = 0; i < slow; i++) {
      var socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.getOutputStream().write(BEGINNING);
      crowd.slow.add(socket);
    }
    crowd.sender.scheduleAtFixedRate(
        new TimerTask() {
          @Override
          public void run() {
            crowd.send();
          }
        },
        PAUSE,
        PAUSE);
    return crowd;
  }

  private void send() {
    for (var socket : slow) {
      try {
        socket.getOutputStream().write('x');
      } catch (IOException closed) {
        // the server may have closed the connection
      }
    }
  }

  @Override
  public String toString() {
    return "%,d idle connections and %,d slow senders".formatted(idle.size(), slow.size());
  }

  @Override
  public void close() throws IOException {
    sender.cancel();
    for (var socket : idle) {
      socket.close();
    }
    for (var socket : slow) {
      socket.close();
    }
  }
}
