package dev.doppel.benchmark;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that is sent repeatedly.
 *
 * @param body empty if there is none
 */
record Wire(String method, String path, Map<String, String> headers, String body) {

  static Wire get(String path, String... headers) {
    return new Wire("GET", path, pairs(headers), "");
  }

  static Wire post(String path, String body, String... headers) {
    return new Wire("POST", path, pairs(headers), body);
  }

  private static Map<String, String> pairs(String... headers) {
    var all = new LinkedHashMap<String, String>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    return all;
  }

  /** Returns a script for wrk that sends this request. */
  String lua() {
    var script = new StringBuilder("wrk.method = \"" + method + "\"\n");
    headers.forEach(
        (name, value) -> script.append("wrk.headers[\"%s\"] = [[%s]]\n".formatted(name, value)));
    return body.isEmpty()
        ? script.toString()
        : script.append("wrk.body = [[" + body + "]]\n").toString();
  }
}
