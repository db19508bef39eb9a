package dev.doppel.users;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.doppel.users.Failure.Reason;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Makes guessing passwords slow. An account that was given too many wrong ones answers further
 * attempts only after a pause, a few at a time from each address, so that a stranger can slow its
 * user down but not keep the right password out. An address that was wrong too often, for whatever
 * accounts, is refused for the rest of the minute.
 *
 * <p>Once an account is known, all of its names count as one. Time is elapsed time: no clock that
 * is set makes a pause longer or shorter. Counts are of one gateway; several on one store count for
 * themselves. Thread-safe.
 */
final class SignInThrottle {

  /** How long an attempt waits for an account that was given too many wrong passwords. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** How many attempts for such an account wait at once from one address; more are refused. */
  static final int MAX_PAUSING = 2;

  /** How long an attempt waits for others for the same account before it looks again. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  /** How many attempts for one account may wait for others; more are refused. */
  private static final int MAX_AWAITING = 2_000;

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MAX_COUNTED = 100_000;
  private static final int IPV6_BYTES = 16;
  private static final int NETWORK_BYTES = 8;

  private final SignInLimits limits;
  private final Function<Duration, Future<Void>> pause;
  private final Cache<String, AtomicInteger> accounts;
  private final Cache<String, AtomicInteger> addresses;
  private final Cache<String, AtomicInteger> attempts;
  private final Cache<String, AtomicInteger> registrations;

  /** Attempts under way, by account, and those that wait, by account and network; never zero. */
  private final Map<String, Integer> underWay = new ConcurrentHashMap<>();

  SignInThrottle(SignInLimits limits, Vertx vertx) {
    this(
        limits,
        Ticker.systemTicker(),
        pause -> vertx.timer(pause.toMillis(), TimeUnit.MILLISECONDS).mapEmpty());
  }

  /**
   * @param ticker tells elapsed time, in nanoseconds
   * @param pause completes after the time
   */
  SignInThrottle(SignInLimits limits, Ticker ticker, Function<Duration, Future<Void>> pause) {
    this.limits = limits;
    this.pause = pause;
    accounts = counts(ticker);
    addresses = counts(ticker);
    attempts = counts(ticker);
    registrations = counts(ticker);
  }

  private static Cache<String, AtomicInteger> counts(Ticker ticker) {
    return Caffeine.newBuilder()
        .maximumSize(MAX_COUNTED)
        .expireAfterWrite(WINDOW)
        .ticker(ticker)
        .build();
  }

  /** An attempt that was let through and whose outcome is not known yet. */
  final class Attempt {

    private final String account;
    private final String network;
    private boolean ended;

    private Attempt(String account, String network) {
      this.account = account;
      this.network = network;
      underWay(account, 1);
      if (!network.isEmpty()) {
        count(attempts, network);
      }
    }

    /** The address goes on being counted: whoever has one password may be guessing others. */
    void right() {
      end();
      accounts.invalidate(account);
    }

    void wrong() {
      count(accounts, account);
      if (!network.isEmpty()) {
        count(addresses, network);
      }
      end();
    }

    /** For an attempt whose password was never looked at; ends any attempt, at most once. */
    synchronized void end() {
      if (!ended) {
        ended = true;
        underWay(account, -1);
      }
    }
  }

  /**
   * Lets an attempt through, perhaps after a pause; it has to be ended. Empty after a moment if too
   * many for the account are under way: what is known of it may have changed, and the caller looks
   * again. Fails with OVERLOADED if the address is refused, or too many wait.
   *
   * @param user whom the sign-in names, if there is such a user
   */
  Future<Optional<Attempt>> admit(SignIn signIn, Optional<User> user) {
    var account = user.map(one -> "id " + one.id()).orElseGet(() -> "name " + folded(signIn));
    var network = network(signIn.address());
    if (isRefused(network) || of(attempts, network) >= limits.attemptsPerAddress()) {
      return refused();
    }
    var wrong = of(accounts, account);
    if (wrong >= limits.wrongPerAccount()) {
      return pause(account, network);
    }
    // No more at once than may be wrong, or guesses sent together would all be looked at.
    return underWay.getOrDefault(account, 0) < limits.wrongPerAccount() - wrong
        ? Future.succeededFuture(Optional.of(new Attempt(account, network)))
        : awaitOthers(account);
  }

  private boolean isRefused(String network) {
    return of(addresses, network) >= limits.wrongPerAddress();
  }

  private Future<Optional<Attempt>> pause(String account, String network) {
    var place = account + " from " + network;
    if (underWay(place, 1) > MAX_PAUSING) {
      underWay(place, -1);
      return refused();
    }
    return pause
        .apply(PAUSE)
        .onComplete(waited -> underWay(place, -1))
        .compose(
            waited ->
                isRefused(network)
                    ? refused()
                    : Future.succeededFuture(Optional.of(new Attempt(account, network))));
  }

  private Future<Optional<Attempt>> awaitOthers(String account) {
    var waiting = account + " waiting";
    if (underWay(waiting, 1) > MAX_AWAITING) {
      underWay(waiting, -1);
      return refused();
    }
    return pause.apply(LOOK_AGAIN).onComplete(ended -> underWay(waiting, -1)).map(Optional.empty());
  }

  /** Counts an account that somebody registers. Fails with OVERLOADED if there were too many. */
  Future<Void> admitRegistration(String address) {
    var network = network(address);
    return !network.isEmpty() && count(registrations, network) > limits.registrationsPerAddress()
        ? refused()
        : Future.succeededFuture();
  }

  private static <T> Future<T> refused() {
    return Future.failedFuture(Failure.of(Reason.OVERLOADED));
  }

  private static int of(Cache<String, AtomicInteger> counts, String key) {
    var known = counts.getIfPresent(key);
    return known == null ? 0 : known.get();
  }

  private static int count(Cache<String, AtomicInteger> counts, String key) {
    return counts.get(key, none -> new AtomicInteger()).incrementAndGet();
  }

  private int underWay(String key, int change) {
    var now = underWay.merge(key, change, (before, by) -> before + by == 0 ? null : before + by);
    return now == null ? 0 : now;
  }

  /** Case doesn't count, for some vendors ignore it. */
  private static String folded(SignIn signIn) {
    return signIn.name().toLowerCase(Locale.ROOT);
  }

  /** Who has one address of IPv6 has a network of them. */
  private static String network(String address) {
    var bytes = NetUtil.createByteArrayFromIpAddressString(address);
    return bytes == null || bytes.length < IPV6_BYTES
        ? address
        : HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES));
  }
}
