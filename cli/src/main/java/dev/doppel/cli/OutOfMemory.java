package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.users.MemoryErrors;
import io.vertx.core.Vertx;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Ends the process on an out-of-memory error, wherever it appears: uncaught in a thread, in a
 * Vert.x handler, or in a log record of a library that ignores it. Only the command line uses this;
 * a library must not end its user's JVM.
 *
 * <p>There may be no memory left to load a class, link a lambda or build a string, so this code
 * does none of that.
 */
final class OutOfMemory extends Handler
    implements Thread.UncaughtExceptionHandler, io.vertx.core.Handler<Throwable> {

  private static final System.Logger LOG = System.getLogger(OutOfMemory.class.getName());

  private static final byte[] LINE =
      "doppel: out of memory, exiting; allow more with -Xmx\n".getBytes(StandardCharsets.US_ASCII);

  private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);
  private static final Runtime RUNTIME = Runtime.getRuntime();

  private OutOfMemory() {}

  /** Ends the process on errors in any thread, in handlers of this Vert.x, and in log records. */
  static Vertx endsTheProcess(Vertx vertx) {
    var watch = new OutOfMemory();
    haltIfOutOfMemory(new IllegalStateException()); // loads and links the code that runs later
    Thread.setDefaultUncaughtExceptionHandler(watch);
    var root = Logger.getLogger("");
    var others = root.getHandlers();
    for (var other : others) {
      root.removeHandler(other);
    }
    root.addHandler(watch); // before the handler that would print a stack trace
    for (var other : others) {
      root.addHandler(other);
    }
    return vertx.exceptionHandler(watch);
  }

  private static void haltIfOutOfMemory(Throwable thrown) {
    if (MemoryErrors.isOutOfMemory(thrown)) {
      halt();
    }
  }

  /** Prints one line and halts. Shutdown hooks don't run, because they need memory, too. */
  private static synchronized void halt() {
    try {
      ERR.write(LINE);
    } catch (IOException | OutOfMemoryError ignored) {
      // the exit code still reports the error
    } finally {
      RUNTIME.halt(StartupException.MACHINE);
    }
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    haltIfOutOfMemory(thrown);
    LOG.log(Level.ERROR, "unhandled exception in thread " + thread.getName(), thrown);
  }

  @Override
  public void handle(Throwable thrown) {
    uncaughtException(Thread.currentThread(), thrown);
  }

  /** Looks for errors that libraries log and ignore. */
  @Override
  public void publish(LogRecord record) {
    if (record.getThrown() != null) {
      haltIfOutOfMemory(record.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
