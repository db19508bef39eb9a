package dev.doppel.users;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.util.NetUtil;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets nobody guess passwords for long: what was given wrong ones too often in a minute, be it a
 * name or an address, is tried no more until the minute is over, whether there is such a user or
 * not. On one gateway; several on one store count for themselves.
 */
public final class SignInThrottle {

  /** How many wrong passwords a minute for one name. */
  public static final int WRONG_A_NAME = 10;

  /**
   * How many a minute from one address, for whatever names; in IPv6 from one network of 64 bits.
   */
  public static final int WRONG_AN_ADDRESS = 100;

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int KNOWN = 100_000;
  private static final int IPV6_BYTES = 16;
  private static final int NETWORK_BYTES = 8;

  private final boolean on;
  private final Cache<String, AtomicInteger> names;
  private final Cache<String, AtomicInteger> addresses;

  private SignInThrottle(boolean on, Clock clock) {
    this.on = on;
    names = counts(clock);
    addresses = counts(clock);
  }

  private static Cache<String, AtomicInteger> counts(Clock clock) {
    return Caffeine.newBuilder()
        .maximumSize(KNOWN)
        .expireAfterWrite(WINDOW)
        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
        .build();
  }

  /** After {@link #WRONG_A_NAME} or {@link #WRONG_AN_ADDRESS}. */
  public static SignInThrottle on(Clock clock) {
    return new SignInThrottle(true, clock);
  }

  /** Never. */
  public static SignInThrottle off(Clock clock) {
    return new SignInThrottle(false, clock);
  }

  boolean allows(SignIn signIn) {
    return !on
        || (count(names, name(signIn)) < WRONG_A_NAME
            && count(addresses, network(signIn)) < WRONG_AN_ADDRESS);
  }

  private static int count(Cache<String, AtomicInteger> counts, String key) {
    var known = counts.getIfPresent(key);
    return known == null ? 0 : known.get();
  }

  void wrong(SignIn signIn) {
    if (!on) {
      return;
    }
    names.get(name(signIn), none -> new AtomicInteger()).incrementAndGet();
    if (!signIn.address().isEmpty()) {
      addresses.get(network(signIn), none -> new AtomicInteger()).incrementAndGet();
    }
  }

  /** The address goes on being counted: whoever has one password may be guessing others. */
  void right(SignIn signIn) {
    names.invalidate(name(signIn));
  }

  /** Case doesn't count, for some vendors ignore it. */
  private static String name(SignIn signIn) {
    return signIn.name().toLowerCase(Locale.ROOT);
  }

  /** Who has one address of IPv6 has a network of them. */
  private static String network(SignIn signIn) {
    var bytes = NetUtil.createByteArrayFromIpAddressString(signIn.address());
    return bytes == null || bytes.length < IPV6_BYTES
        ? signIn.address()
        : HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES));
  }
}
