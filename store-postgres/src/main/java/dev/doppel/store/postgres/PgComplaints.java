package dev.doppel.store.postgres;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Logs errors that only the database administrator can fix, such as a right that is missing: one
 * line a minute for each message, however many requests fail for it. Thread-safe.
 */
final class PgComplaints {

  private static final Logger LOG = System.getLogger(PgComplaints.class.getName());
  private static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** A message that names rows, say, could have any number of forms. */
  private static final int MAX_MESSAGES = 100;

  private final ConcurrentHashMap<String, Long> logged = new ConcurrentHashMap<>();

  void note(Throwable thrown) {
    PgFailures.complaint(thrown).filter(this::due).ifPresent(PgComplaints::log);
  }

  private static void log(String message) {
    LOG.log(Level.ERROR, "PostgreSQL: " + message);
  }

  private boolean due(String message) {
    var now = System.nanoTime();
    if (logged.size() >= MAX_MESSAGES) {
      logged.values().removeIf(at -> now - at >= REPEAT_NANOS);
    }
    if (logged.size() >= MAX_MESSAGES && !logged.containsKey(message)) {
      return false;
    }
    return logged.merge(message, now, (at, again) -> again - at >= REPEAT_NANOS ? again : at)
        == now;
  }
}
