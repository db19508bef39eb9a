package dev.doppel.benchmark;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A recorded response of Doppel, which the other servers repeat. */
record Recorded(Wire wire, int status, Map<String, String> headers, String body) {

  private static final Set<String> NOT_COPIED =
      Set.of("content-length", "transfer-encoding", "connection", ":status");

  static Recorded of(Running doppel, Wire wire) throws IOException, InterruptedException {
    var answer = doppel.send(wire);
    if (answer.statusCode() != 200) {
      throw new IOException(wire.path() + ": " + answer.statusCode() + " " + answer.body());
    }
    var headers = new LinkedHashMap<String, String>();
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!NOT_COPIED.contains(name)) {
                headers.put(name, values.get(0));
              }
            });
    return new Recorded(wire, 200, headers, answer.body());
  }
}
