package dev.doppel.dialect;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/** A header line that many answers have alike, so that it is encoded once. */
public final class FixedHeader {

  private final CharSequence name;
  private final CharSequence value;

  public FixedHeader(String name, String value) {
    this.name = HttpHeaders.createOptimized(name);
    this.value = HttpHeaders.createOptimized(value);
  }

  /** Instead of whatever is there of this name. */
  public void setIn(MultiMap headers) {
    headers.set(name, value);
  }
}
