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
 * Slows down the guessing of passwords. After too many wrong passwords for an account, further
 * attempts wait for a pause, a few at a time from each address: an attacker can delay the user of
 * the account but not lock it out. After too many wrong passwords from an address, for any
 * accounts, the address is rejected for the rest of the minute.
 *
 * <p>All names of an account count as one. Pauses measure elapsed time, so setting a clock doesn't
 * change them. Each gateway has its own counts, even if several share a store. Thread-safe.
 */
final class SignInThrottle {

  /** How long an attempt waits after too many wrong passwords for its account. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** How many attempts for such an account wait at a time from one address; more are rejected. */
  static final int MAX_PAUSING = 2;

  /** How long an attempt waits for others for the same account before it tries again. */
  private static final Duration RETRY_DELAY = Duration.ofMillis(10);

  /** How many attempts for one account may wait for others; more are rejected. */
  private static final int MAX_RETRYING = 2_000;

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
  private final Cache<String, AtomicInteger> mails;

  /**
   * The number of attempts in progress, by account, and of waiting ones, by account and network.
   * Never holds a zero.
   */
  private final Map<String, Integer> inProgress = new ConcurrentHashMap<>();

  SignInThrottle(SignInLimits limits, Vertx vertx) {
    this(
        limits,
        Ticker.systemTicker(),
        pause -> vertx.timer(pause.toMillis(), TimeUnit.MILLISECONDS).mapEmpty());
  }

  /**
   * @param ticker returns the elapsed time in nanoseconds
   * @param pause returns a future that completes after the duration
   */
  SignInThrottle(SignInLimits limits, Ticker ticker, Function<Duration, Future<Void>> pause) {
    this.limits = limits;
    this.pause = pause;
    accounts = counts(ticker);
    addresses = counts(ticker);
    attempts = counts(ticker);
    registrations = counts(ticker);
    mails = counts(ticker);
  }

  private static Cache<String, AtomicInteger> counts(Ticker ticker) {
    return Caffeine.newBuilder()
        .maximumSize(MAX_COUNTED)
        .expireAfterWrite(WINDOW)
        .ticker(ticker)
        .build();
  }

  /** An admitted attempt whose outcome is not known yet. */
  final class Attempt {

    private final String account;
    private final String network;
    private boolean ended;

    private Attempt(String account, String network) {
      this.account = account;
      this.network = network;
      addInProgress(account, 1);
      if (!network.isEmpty()) {
        count(attempts, network);
      }
    }

    /**
     * Records the right password, and resets the count of the account. The count of the address
     * stays: its client may know one password and guess others.
     */
    void succeed() {
      end();
      accounts.invalidate(account);
    }

    /** Records a wrong password. */
    void fail() {
      count(accounts, account);
      if (!network.isEmpty()) {
        count(addresses, network);
      }
      end();
    }

    /** Ends the attempt without an outcome. Does nothing if it has ended already. */
    synchronized void end() {
      if (!ended) {
        ended = true;
        addInProgress(account, -1);
      }
    }
  }

  /**
   * Admits an attempt, possibly after a pause. The caller must end it. Returns empty after a short
   * delay if too many attempts for the account are in progress: the caller must then try again,
   * since the user may have changed. Fails with OVERLOADED if the address is rejected or too many
   * attempts wait.
   *
   * @param user the user with the name, if there is one
   */
  Future<Optional<Attempt>> admit(SignIn signIn, Optional<User> user) {
    return admit(
        user.map(one -> "id " + one.id()).orElseGet(() -> "name " + foldCase(signIn.name())),
        signIn.address());
  }

  /**
   * Admits an attempt with a second factor, as {@link #admit(SignIn, Optional)} does one with a
   * password. These count on their own: the right password before must not reset their count.
   */
  Future<Optional<Attempt>> admitSecondFactor(User user, String address) {
    return admit("second factor of " + user.id(), address);
  }

  private Future<Optional<Attempt>> admit(String account, String address) {
    var network = network(address);
    if (isRejected(network) || countOf(attempts, network) >= limits.attemptsPerAddress()) {
      return newRejection();
    }
    var wrong = countOf(accounts, account);
    if (wrong >= limits.wrongPerAccount()) {
      return pause(account, network);
    }
    // Verify no more at a time than may be wrong, or all guesses sent together would be verified.
    return inProgress.getOrDefault(account, 0) < limits.wrongPerAccount() - wrong
        ? Future.succeededFuture(Optional.of(new Attempt(account, network)))
        : retryLater(account);
  }

  private boolean isRejected(String network) {
    return countOf(addresses, network) >= limits.wrongPerAddress();
  }

  private Future<Optional<Attempt>> pause(String account, String network) {
    var place = account + " from " + network;
    if (addInProgress(place, 1) > MAX_PAUSING) {
      addInProgress(place, -1);
      return newRejection();
    }
    return pause
        .apply(PAUSE)
        .onComplete(waited -> addInProgress(place, -1))
        .compose(
            waited ->
                isRejected(network)
                    ? newRejection()
                    : Future.succeededFuture(Optional.of(new Attempt(account, network))));
  }

  private Future<Optional<Attempt>> retryLater(String account) {
    var waiting = account + " waiting";
    if (addInProgress(waiting, 1) > MAX_RETRYING) {
      addInProgress(waiting, -1);
      return newRejection();
    }
    return pause
        .apply(RETRY_DELAY)
        .onComplete(ended -> addInProgress(waiting, -1))
        .map(Optional.empty());
  }

  /** Counts the registration of an account. Fails with OVERLOADED after too many. */
  Future<Void> admitRegistration(String address) {
    var network = network(address);
    return !network.isEmpty() && count(registrations, network) > limits.registrationsPerAddress()
        ? newRejection()
        : Future.succeededFuture();
  }

  /** Counts a mail that a client asks for. Fails with OVERLOADED after too many. */
  Future<Void> admitMail(String address) {
    var network = network(address);
    return !network.isEmpty() && count(mails, network) > limits.registrationsPerAddress()
        ? newRejection()
        : Future.succeededFuture();
  }

  private static <T> Future<T> newRejection() {
    return Future.failedFuture(Failure.of(Reason.OVERLOADED));
  }

  private static int countOf(Cache<String, AtomicInteger> counts, String key) {
    var count = counts.getIfPresent(key);
    return count == null ? 0 : count.get();
  }

  private static int count(Cache<String, AtomicInteger> counts, String key) {
    return counts.get(key, none -> new AtomicInteger()).incrementAndGet();
  }

  private int addInProgress(String key, int change) {
    var now = inProgress.merge(key, change, (before, by) -> before + by == 0 ? null : before + by);
    return now == null ? 0 : now;
  }

  /** Some vendors ignore the case of names. */
  private static String foldCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the address in IPv4, and its 64-bit network in IPv6, of which clients have a whole one.
   */
  private static String network(String address) {
    var bytes = NetUtil.createByteArrayFromIpAddressString(address);
    return bytes == null || bytes.length < IPV6_BYTES
        ? address
        : HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES));
  }
}
