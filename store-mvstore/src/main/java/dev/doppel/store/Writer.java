package dev.doppel.store;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** Runs changes one at a time, each seen by readers when all of it is done. */
interface Writer {

  /** The change's result once it is kept. What the change throws fails the future. */
  <T> Future<T> write(Supplier<T> change);

  /** Finishes what was accepted; later changes are refused with UNAVAILABLE. */
  Future<Void> close();
}
