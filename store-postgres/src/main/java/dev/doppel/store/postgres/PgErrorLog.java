package dev.doppel.store.postgres;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Logs errors that only the database administrator can fix, such as a missing right: at most one
 * line a minute for each message, however many requests fail. Thread-safe.
 */
final class PgErrorLog {

  private static final Logger LOG = System.getLogger(PgErrorLog.class.getName());
  private static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Limits the memory: messages that name rows, for example, are of any number. */
  private static final int MAX_MESSAGES = 100;

  private final ConcurrentHashMap<String, Long> lastLogged = new ConcurrentHashMap<>();

  void add(Throwable thrown) {
    PgFailures.logMessage(thrown).filter(this::isDue).ifPresent(PgErrorLog::log);
  }

  private static void log(String message) {
    LOG.log(Level.ERROR, "PostgreSQL: " + message);
  }

  private boolean isDue(String message) {
    var now = System.nanoTime();
    if (lastLogged.size() >= MAX_MESSAGES) {
      lastLogged.values().removeIf(last -> now - last >= REPEAT_NANOS);
    }
    if (lastLogged.size() >= MAX_MESSAGES && !lastLogged.containsKey(message)) {
      return false;
    }
    return lastLogged.merge(
            message, now, (last, current) -> current - last >= REPEAT_NANOS ? current : last)
        == now;
  }
}
