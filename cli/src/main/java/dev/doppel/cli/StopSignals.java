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
 * The signals that tell a process to stop. The first one asks for an orderly end; a second one ends
 * the process at once, with the exit code of a process that it killed.
 *
 * <p>The JVM's own handling runs shutdown hooks and then always exits with 128 and the signal's
 * number, so that a supervisor can't tell an orderly end from another.
 */
final class StopSignals {

  private static final System.Logger LOG = System.getLogger(StopSignals.class.getName());
  private static final List<String> NAMES = List.of("TERM", "INT", "HUP");
  private static final int KILLED = 128;

  private final CompletableFuture<Void> first = new CompletableFuture<>();

  /** Puts the handlers back that were there before. */
  private final List<Callable<?>> undone = new ArrayList<>();

  private StopSignals() {}

  /**
   * Handles the signals from now on. One that is ignored by this process, as SIGHUP is under {@code
   * nohup}, stays ignored.
   */
  static StopSignals handle() {
    var signals = new StopSignals();
    NAMES.forEach(signals::handle);
    return signals;
  }

  /**
   * By {@code sun.misc.Signal}, which every JDK has and supports (JEP 260); there is nothing else.
   * By reflection, since javac's warning about it can't be suppressed.
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
      undone.add(() -> handle.invoke(null, signal, before));
    } catch (InvocationTargetException e) {
      // Not a signal of this system, or the JVM was told by -Xrs to leave signals alone.
      LOG.log(System.Logger.Level.DEBUG, "SIG" + name + " is not handled", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a JVM without sun.misc.Signal", e);
    }
  }

  /** Leaves the signals to the handlers that were there before, for a process that goes on. */
  void release() {
    for (var undo : undone) {
      try {
        undo.call();
      } catch (Exception e) {
        throw new IllegalStateException("a signal that was handled and can't be any more", e);
      }
    }
  }

  private void received(int number) {
    if (!first.complete(null)) {
      Runtime.getRuntime().halt(KILLED + number);
    }
  }

  /** Completes with the first signal. */
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
   * Closes everything.
   *
   * @return the process's exit code: 0 only if all is closed within the limit
   */
  static int close(Supplier<Future<Void>> everything, Duration limit) throws InterruptedException {
    try {
      everything
          .get()
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return 0;
    } catch (TimeoutException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "stopped before everything was closed, for that took over {0} ms",
          limit.toMillis());
    } catch (ExecutionException e) {
      LOG.log(System.Logger.Level.WARNING, "stopped, but not everything was closed", e.getCause());
    }
    return StartupException.MACHINE;
  }
}
