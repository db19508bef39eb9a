package dev.doppel.store;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** Runs changes one at a time. Readers see a change when all of it is done. Thread-safe. */
interface Writer {

  /**
   * Returns the result of a change when it is kept. An exception of the change fails the future.
   */
  <T> Future<T> write(Supplier<T> change);

  /** Completes accepted changes, and refuses later ones with UNAVAILABLE. */
  Future<Void> close();
}
