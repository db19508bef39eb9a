package dev.doppel.cli;

import dev.doppel.StartupException;
import io.vertx.core.Future;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The signals that stop the process: SIGTERM, SIGINT and SIGHUP. The first one requests an orderly
 * shutdown; a second one ends the process at once, with exit code 128 + the signal's number.
 *
 * <p>The JVM's own handler runs shutdown hooks and then always exits with 128 + the signal's
 * number, so a supervisor couldn't recognize an orderly shutdown.
 */
final class StopSignals {

  private static final System.Logger LOG = System.getLogger(StopSignals.class.getName());
  private static final List<String> NAMES = List.of("TERM", "INT", "HUP");
  private static final int KILLED_BY_SIGNAL = 128;

  private final CompletableFuture<Void> first = new CompletableFuture<>();

  /** Each restores the previous handler of a signal. */
  private final List<Callable<?>> restorers = new ArrayList<>();

  private StopSignals() {}

  /**
   * Installs the handlers. A signal that this process ignores, such as SIGHUP under {@code nohup},
   * remains ignored.
   */
  static StopSignals handle() {
    var signals = new StopSignals();
    NAMES.forEach(signals::handle);
    return signals;
  }

  /**
   * Installs a handler through {@code sun.misc.Signal}, which every JDK supports (JEP 260) and
   * which has no replacement. Uses reflection, because javac's warning can't be suppressed.
   */
  private void handle(String name) {
    try {
      var type = Class.forName("sun.misc.Signal");
      var handlerType = Class.forName("sun.misc.SignalHandler");
      var signal = type.getConstructor(String.class).newInstance(name);
      var number = (int) type.getMethod("getNumber").invoke(signal);
      var handler =
          Proxy.newProxyInstance(
              StopSignals.class.getClassLoader(),
              new Class<?>[] {handlerType},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  received(number);
                }
                return null;
              });
      var handle = type.getMethod("handle", type, handlerType);
      var before = handle.invoke(null, signal, handler);
      restorers.add(() -> handle.invoke(null, signal, before));
    } catch (InvocationTargetException e) {
      // The system has no such signal, or the JVM runs with -Xrs.
      LOG.log(System.Logger.Level.DEBUG, "SIG" + name + " is not handled", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JVM has no sun.misc.Signal", e);
    }
  }

  /** Restores the previous handlers. */
  void release() {
    for (var restorer : restorers) {
      try {
        restorer.call();
      } catch (Exception e) {
        throw new IllegalStateException("could not restore a signal handler", e);
      }
    }
  }

  private void received(int number) {
    if (!first.complete(null)) {
      Runtime.getRuntime().halt(KILLED_BY_SIGNAL + number);
    }
  }

  /** Returns a future that completes at the first signal. */
  Future<Void> received() {
    return Future.fromCompletionStage(first);
  }

  /** Waits for the first signal. */
  void await() throws InterruptedException {
    orSignal(new CompletableFuture<Void>());
  }

  /**
   * Waits for work or the first signal.
   *
   * @return the result; empty if the signal came first
   * @throws CompletionException if the work fails first, with its cause
   */
  <T> Optional<T> orSignal(CompletableFuture<T> work) throws InterruptedException {
    try {
      CompletableFuture.anyOf(work, first).get();
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
    return first.isDone() ? Optional.empty() : Optional.of(work.join());
  }

  /**
   * Runs a close action and waits for it.
   *
   * @return the process's exit code: 0 only if the action succeeds within the timeout
   */
  static int close(Supplier<Future<Void>> action, Duration timeout) throws InterruptedException {
    try {
      action
          .get()
          .toCompletionStage()
          .toCompletableFuture()
          .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return 0;
    } catch (TimeoutException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "stopped before everything was closed: closing took more than {0} ms",
          timeout.toMillis());
    } catch (ExecutionException e) {
      LOG.log(System.Logger.Level.WARNING, "stopped, but not everything was closed", e.getCause());
    }
    return StartupException.MACHINE;
  }
}
