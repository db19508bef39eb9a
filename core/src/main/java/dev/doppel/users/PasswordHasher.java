package dev.doppel.users;

import dev.doppel.passwords.HashFamilies;
import dev.doppel.passwords.StoredHash;
import dev.doppel.passwords.UnsupportedHashException;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Hashes and verifies passwords on its own worker threads, never on an event loop. Fails with
 * {@link Reason#OVERLOADED} at once if the queue is full, and without computing anything if the
 * work has waited too long for a worker. Thread-safe.
 */
public final class PasswordHasher implements AutoCloseable {

  private static final Logger LOG = System.getLogger(PasswordHasher.class.getName());

  /** How long work waits for a worker by default: as long as clients wait for an answer. */
  public static final Duration DEFAULT_QUEUE_TIMEOUT = Duration.ofSeconds(30);

  /** How long a worker waits for memory; longer than all others together need theirs. */
  private static final int MEMORY_TIMEOUT_SECONDS = 30;

  /** KiB; enough for one new hash. */
  private static final int MIN_MEMORY = 20 << 10;

  private final HashScheme scheme;

  /** A permit for each KiB of half of the heap, which all computations share. */
  private final Semaphore memory = new Semaphore(Math.max(MIN_MEMORY, halfOfHeap()), true);

  private final AtomicBoolean warned = new AtomicBoolean();
  private final WorkerExecutor workers;
  private final int threads;
  private final int maxPending;
  private final Duration queueTimeout;
  private final AtomicInteger pending = new AtomicInteger();
  private final LongAdder rejected = new LongAdder();

  /**
   * Creates a hasher with the {@linkplain #DEFAULT_QUEUE_TIMEOUT default} queue timeout.
   *
   * @param threads how many passwords are hashed at the same time
   * @param queueSize how many more may wait for a worker
   */
  public PasswordHasher(Vertx vertx, HashScheme scheme, int threads, int queueSize) {
    this(vertx, scheme, threads, queueSize, DEFAULT_QUEUE_TIMEOUT);
  }

  /**
   * Creates a hasher.
   *
   * @param threads how many passwords are hashed at the same time
   * @param queueSize how many more may wait for a worker
   * @param queueTimeout work that has waited this long is dropped, since its caller has given up
   */
  public PasswordHasher(
      Vertx vertx, HashScheme scheme, int threads, int queueSize, Duration queueTimeout) {
    this.scheme = scheme;
    this.workers = vertx.createSharedWorkerExecutor("doppel-hasher-" + hashCode(), threads);
    this.threads = threads;
    this.maxPending = threads + queueSize;
    this.queueTimeout = queueTimeout;
  }

  /** Hashes a password. Fails with {@link Reason#OVERLOADED}. */
  public Future<PasswordHash> hash(Password password) {
    return work(() -> new PasswordHash(scheme.hash(password.clearText())));
  }

  /**
   * Returns the form in which an imported hash is stored: the hash itself or, if it is unsalted or
   * built on MD5, a strong hash of it. Fails with {@link Reason#OVERLOADED}, and with {@link
   * UnsupportedHashException} if passwords can't be verified against the hash.
   */
  public Future<PasswordHash> storable(PasswordHash hash) {
    try {
      var parsed = HashFamilies.parse(hash.encoded());
      return parsed.isWeak()
          ? work(() -> new PasswordHash(parsed.wrap(scheme::hash)))
          : Future.succeededFuture(hash);
    } catch (UnsupportedHashException unsupported) {
      return Future.failedFuture(unsupported);
    }
  }

  /**
   * Returns whether the password belongs to the hash. Without a hash, returns false after the same
   * work, so that response times don't reveal whether a user has one. Fails with {@link
   * Reason#OVERLOADED}, and with {@link Reason#UNAVAILABLE} if the hash needs more memory than this
   * process can spare.
   */
  public Future<Boolean> matches(Password password, Optional<PasswordHash> hash) {
    return work(() -> verify(password.utf8(), hash));
  }

  private boolean verify(byte[] password, Optional<PasswordHash> hash) throws InterruptedException {
    var stored = hash.flatMap(this::parsed);
    var right =
        stored.isPresent()
            && withMemory(stored.get().memory(), () -> stored.get().matches(password));
    if (hash.filter(scheme::isCurrent).isEmpty()) {
      // An imported hash may be cheap, and a fast answer would reveal that there is one.
      var dummy = HashFamilies.parse(scheme.dummyHash().encoded());
      withMemory(dummy.memory(), () -> dummy.matches(password));
    }
    return right;
  }

  /**
   * Parses a stored hash. Returns empty for one that was stored before such hashes were refused;
   * {@code doppel check} lists its user.
   */
  private Optional<StoredHash> parsed(PasswordHash hash) {
    try {
      return Optional.of(HashFamilies.parse(hash.encoded()));
    } catch (UnsupportedHashException unsupported) {
      if (unsupported.exceedsMemory()) {
        throw Failure.of(Reason.UNAVAILABLE, unsupported);
      }
      if (!warned.getAndSet(true)) {
        LOG.log(
            Level.WARNING,
            "a stored password hash can''t be verified ({0}); 'doppel check' names the users",
            unsupported.getMessage());
      }
      return Optional.empty();
    }
  }

  /** Waits until the memory is available, then computes. Fails with OVERLOADED after a timeout. */
  private <T> T withMemory(long bytes, Supplier<T> computation) throws InterruptedException {
    var kibibytes = (int) (bytes >> 10);
    if (!memory.tryAcquire(kibibytes, MEMORY_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw Failure.of(Reason.OVERLOADED);
    }
    try {
      return computation.get();
    } finally {
      memory.release(kibibytes);
    }
  }

  /**
   * Returns whether the hash should be replaced by a new one of this password, which matches it. A
   * hash that ignores the end of this long password is kept: it also matches the beginning of the
   * password, and a new hash of that beginning would reject the whole one.
   */
  public boolean shouldReplace(PasswordHash hash, Password password) {
    if (scheme.isCurrent(hash)) {
      return false;
    }
    var parsed = HashFamilies.parse(hash.encoded());
    return !scheme.isGoodEnough(parsed) && parsed.readsWhole(password.utf8());
  }

  private static int halfOfHeap() {
    return (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() >> 11);
  }

  private <T> Future<T> work(Callable<T> task) {
    if (pending.incrementAndGet() > maxPending) {
      pending.decrementAndGet();
      rejected.increment();
      return Future.failedFuture(Failure.of(Reason.OVERLOADED));
    }
    var queued = System.nanoTime();
    return workers
        .executeBlocking(
            () -> {
              if (System.nanoTime() - queued >= queueTimeout.toNanos()) {
                rejected.increment();
                throw Failure.of(Reason.OVERLOADED);
              }
              return task.call();
            },
            false)
        .onComplete(done -> pending.decrementAndGet())
        .onFailure(MemoryErrors::report);
  }

  /** Returns how many passwords are being hashed or verified at present. */
  public int activeCount() {
    return Math.min(pending.get(), threads);
  }

  /** Returns how many passwords wait for a worker at present. */
  public int queueLength() {
    return Math.max(0, Math.min(pending.get(), maxPending) - threads);
  }

  /** Returns how often work was refused, since the queue was full or the work waited too long. */
  public long rejectedCount() {
    return rejected.sum();
  }

  @Override
  public void close() {
    workers.close();
  }
}
