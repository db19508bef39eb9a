package dev.doppel.dialect;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A response of a dialect. Immutable.
 *
 * @param body a value that {@link Dialect#json} encodes, or a {@link Buffer} of the encoded bytes
 */
public record Reply(int status, Optional<Object> body, List<Header> headers) {

  /** One header line; a reply may have several of one name. */
  public record Header(String name, String value) {}

  public Reply {
    headers = List.copyOf(headers);
  }

  public static Reply of(int status, Object body) {
    return new Reply(status, Optional.of(body), List.of());
  }

  public static Reply ok(Object body) {
    return of(200, body);
  }

  public static Reply created(Object body) {
    return of(201, body);
  }

  public static Reply noContent() {
    return empty(204);
  }

  /** Returns a reply without a body. */
  public static Reply empty(int status) {
    return new Reply(status, Optional.empty(), List.of());
  }

  /** Returns a reply of plain text. */
  public static Reply text(int status, String contentType, String text) {
    return of(status, Buffer.buffer(text)).with("Content-Type", contentType);
  }

  /** Returns this reply with another header line. */
  public Reply with(String header, String value) {
    var all = new ArrayList<>(headers);
    all.add(new Header(header, value));
    return new Reply(status, body, all);
  }
}
