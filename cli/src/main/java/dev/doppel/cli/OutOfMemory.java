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
 * Ends the process on an out-of-memory error, wherever it shows up: uncaught in a thread, in a
 * handler of Vert.x, or in what a library logs and forgets. For the command line alone; a library
 * in somebody's JVM never ends it.
 *
 * <p>There may be no memory left to load a class, link a lambda or put a text together, so nothing
 * here does.
 */
final class OutOfMemory extends Handler
    implements Thread.UncaughtExceptionHandler, io.vertx.core.Handler<Throwable> {

  private static final System.Logger LOG = System.getLogger(OutOfMemory.class.getName());

  private static final byte[] LINE =
      "doppel: out of memory, so the process ends; give it more with -Xmx\n"
          .getBytes(StandardCharsets.US_ASCII);

  private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);
  private static final Runtime RUNTIME = Runtime.getRuntime();

  private OutOfMemory() {}

  /** Watches all threads, the handlers of this Vert.x, and what is logged. */
  static Vertx endsTheProcess(Vertx vertx) {
    var watch = new OutOfMemory();
    haltIfOutOfMemory(new IllegalStateException()); // loads and links what it takes
    Thread.setDefaultUncaughtExceptionHandler(watch);
    var root = Logger.getLogger("");
    var others = root.getHandlers();
    for (var other : others) {
      root.removeHandler(other);
    }
    root.addHandler(watch); // before the one that would print a stack trace
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

  /** One line, whichever thread comes first. Shutdown hooks don't run: they need memory, too. */
  private static synchronized void halt() {
    try {
      ERR.write(LINE);
    } catch (IOException | OutOfMemoryError unsaid) {
      // the exit code says enough
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

  /** Libraries log errors of their own threads and go on. */
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
