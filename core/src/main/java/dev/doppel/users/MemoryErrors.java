package dev.doppel.users;

/**
 * Out-of-memory errors, which no caller can answer: whatever was being changed may be half done.
 * Futures turn them into failures like any other, so code that ends such a future reports them
 * here. A process of its own ends then; a library leaves the decision to its process.
 */
public final class MemoryErrors {

  private static final int MAX_CAUSES = 100;

  private MemoryErrors() {}

  /**
   * Hands an out-of-memory error to the handler of uncaught exceptions of the current thread, as if
   * nobody had caught it. Does nothing for other exceptions.
   *
   * @param thrown may have the error as a cause
   */
  public static void report(Throwable thrown) {
    if (isOutOfMemory(thrown)) {
      var thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    }
  }

  /**
   * Returns whether the exception or one of its causes is an out-of-memory error. A stack overflow
   * is none: it ends one request and takes nothing from the others. Needs no memory itself.
   */
  public static boolean isOutOfMemory(Throwable thrown) {
    int causes = 0;
    for (Throwable cause = thrown; cause != null && causes < MAX_CAUSES; causes++) {
      if (cause instanceof OutOfMemoryError) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
