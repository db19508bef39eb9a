package dev.doppel.dialect;

import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request that can be sent, or shown as a {@code curl} command. Immutable.
 *
 * @param basic user name and password of HTTP's basic authentication, with a colon between them
 * @param headers in order
 */
public record SampleRequest(
    HttpMethod method,
    String path,
    Optional<String> basic,
    List<Map.Entry<String, String>> headers,
    Optional<String> body) {

  public SampleRequest {
    headers = List.copyOf(headers);
  }

  /** Returns a request without a body that sends one header. */
  public static SampleRequest get(String path, String header, String value) {
    return new SampleRequest(
        HttpMethod.GET,
        path,
        Optional.empty(),
        List.of(Map.entry(header, value)),
        Optional.empty());
  }

  /** Returns all headers, that of the basic authentication included. */
  public List<Map.Entry<String, String>> allHeaders() {
    var all = new ArrayList<>(headers);
    basic
        .map(pair -> Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
        .ifPresent(encoded -> all.add(Map.entry("Authorization", "Basic " + encoded)));
    return all;
  }

  /**
   * Returns a command for a shell.
   *
   * @param curl the program and its first options
   * @param url base URL, without a slash at the end
   */
  public String command(String curl, String url) {
    var line = new StringBuilder(curl);
    if (body.isEmpty() && !method.equals(HttpMethod.GET)) {
      line.append(" -X ").append(method);
    }
    basic.ifPresent(pair -> line.append(" -u \"").append(pair).append('"'));
    headers.forEach(
        header ->
            line.append(" -H \"")
                .append(header.getKey())
                .append(": ")
                .append(header.getValue())
                .append('"'));
    body.ifPresent(text -> line.append(" -d '").append(text).append('\''));
    return line.append(' ').append(url).append(path).toString();
  }

  @Override
  public String toString() {
    return "SampleRequest[" + method + " " + path + "]";
  }
}
