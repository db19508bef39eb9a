package dev.doppel.users;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets nobody guess passwords for long: who was given wrong ones too often in a minute is tried no
 * more until the minute is over, whether there is such a user or not. On one gateway; several on
 * one store count for themselves.
 */
public final class SignInThrottle {

  /** How many wrong passwords a minute for one name. */
  public static final int WRONG_A_MINUTE = 10;

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int NAMES = 100_000;

  private final int most;
  private final Cache<String, AtomicInteger> wrong;

  private SignInThrottle(int most, Clock clock) {
    this.most = most;
    wrong =
        Caffeine.newBuilder()
            .maximumSize(NAMES)
            .expireAfterWrite(WINDOW)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .build();
  }

  /** After {@link #WRONG_A_MINUTE}. */
  public static SignInThrottle on(Clock clock) {
    return new SignInThrottle(WRONG_A_MINUTE, clock);
  }

  /** Never. */
  public static SignInThrottle off(Clock clock) {
    return new SignInThrottle(Integer.MAX_VALUE, clock);
  }

  /**
   * @param name as the client says it; case doesn't count, for some vendors ignore it
   */
  boolean allows(String name) {
    var known = wrong.getIfPresent(key(name));
    return known == null || known.get() < most;
  }

  void wrong(String name) {
    if (most < Integer.MAX_VALUE) {
      wrong.get(key(name), none -> new AtomicInteger()).incrementAndGet();
    }
  }

  void right(String name) {
    wrong.invalidate(key(name));
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
