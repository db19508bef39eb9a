package dev.doppel.dialect;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/** A header line that many responses share, encoded once. Immutable. */
public final class FixedHeader {

  private final CharSequence name;
  private final CharSequence value;

  public FixedHeader(String name, String value) {
    this.name = HttpHeaders.createOptimized(name);
    this.value = HttpHeaders.createOptimized(value);
  }

  /** Sets this header, replacing all of the same name. */
  public void setIn(MultiMap headers) {
    headers.set(name, value);
  }
}
