package dev.doppel.dialect;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * One direction of a call: a request or a response. It may hold secrets, so it must not be stored
 * unmasked.
 *
 * @param body of gRPC as JSON, else as sent
 */
public record CallMessage(MultiMap headers, Buffer body) {

  /** Creates the message of a call that got no response. */
  public static CallMessage empty() {
    return new CallMessage(MultiMap.caseInsensitiveMultiMap(), Buffer.buffer());
  }

  @Override
  public String toString() {
    return "CallMessage[hidden]";
  }
}
