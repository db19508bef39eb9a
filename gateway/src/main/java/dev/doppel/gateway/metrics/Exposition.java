package dev.doppel.gateway.metrics;

/** A format of the metrics, which may need libraries that {@link Metrics} works without. */
interface Exposition extends AutoCloseable {

  /** Returns the metrics at present. Called by one thread at a time. */
  String text();

  @Override
  void close();
}
