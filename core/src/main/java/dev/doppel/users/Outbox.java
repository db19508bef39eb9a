package dev.doppel.users;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The mails of a realm. Doppel sends none: callers of the control plane read them here. They exist
 * in the memory of this process alone, and new ones replace the oldest. Thread-safe.
 */
public final class Outbox {

  /** The maximum number of mails. */
  public static final int MAX_MAILS = 1000;

  private static final int MAX_REMEMBERED = 100_000;

  /**
   * A mail in the outbox. Immutable.
   *
   * @param id its number, from 1 on in the order of sending
   * @param time by the realm's clock
   */
  public record Sent(long id, Instant time, Mail mail) {}

  private final Clock clock;
  private final Deque<Sent> mails = new ArrayDeque<>();
  private final Cache<String, Instant> lastTimes =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();
  private long last;

  /**
   * @param clock of the realm
   */
  public Outbox(Clock clock) {
    this.clock = clock;
  }

  /** Adds a mail. */
  public synchronized void send(Mail mail) {
    mails.addLast(new Sent(++last, clock.instant(), mail));
    if (mails.size() > MAX_MAILS) {
      mails.removeFirst();
    }
  }

  /** Returns the mails in the order of sending. */
  public synchronized List<Sent> list() {
    return List.copyOf(mails);
  }

  /** Deletes all mails; returns their number. */
  public synchronized int clear() {
    var cleared = mails.size();
    mails.clear();
    return cleared;
  }

  /** Forgets when actions happened, because the users are those of another time. */
  public void forgetActions() {
    lastTimes.invalidateAll();
  }

  /**
   * Returns whether an action may happen now: whether it did not within the interval before, by the
   * realm's clock. If so, it counts from now on. Of many thousand actions, the ones that were
   * longest ago may be forgotten; each gateway counts for itself.
   *
   * @param action the action and whom it concerns
   */
  public boolean admit(String action, Duration interval) {
    var now = clock.instant();
    var admitted = new AtomicBoolean();
    lastTimes
        .asMap()
        .compute(
            action,
            (key, before) -> {
              // The clock may have been set back.
              var again =
                  before == null || now.isBefore(before) || !now.isBefore(before.plus(interval));
              admitted.set(again);
              return again ? now : before;
            });
    return admitted.get();
  }
}
