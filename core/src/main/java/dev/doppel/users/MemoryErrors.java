package dev.doppel.users;

/**
 * Reports out-of-memory errors, from which no caller can recover: any change in progress may be
 * incomplete. Futures treat them like any other failure, so code at the end of a chain of futures
 * passes them on here. The standalone server exits then; if Doppel runs inside another program,
 * that program decides.
 */
public final class MemoryErrors {

  private static final int MAX_CAUSES = 100;

  private MemoryErrors() {}

  /**
   * Passes an out-of-memory error to the current thread's handler of uncaught exceptions. Does
   * nothing for other exceptions.
   *
   * @param thrown the error, or an exception with the error as a cause
   */
  public static void report(Throwable thrown) {
    if (isOutOfMemory(thrown)) {
      var thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    }
  }

  /**
   * Returns whether the exception or one of its causes is an out-of-memory error. A stack overflow
   * is not: it ends one request and doesn't affect others. Allocates nothing.
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
