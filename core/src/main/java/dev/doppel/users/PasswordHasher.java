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
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Hashes and checks passwords on workers of its own, never on an event loop. What the workers can't
 * take on is refused with {@link Reason#OVERLOADED} at once rather than left to wait for long.
 */
public final class PasswordHasher implements AutoCloseable {

  private static final Logger LOG = System.getLogger(PasswordHasher.class.getName());

  /** For the memory that others use; more than they take together. */
  private static final int MEMORY_SECONDS = 30;

  /** In KiB; for one hash of our own. */
  private static final int MIN_MEMORY = 20 << 10;

  private final HashScheme scheme;

  /** In KiB; half of the heap, so that what is computed side by side fits. */
  private final Semaphore memory = new Semaphore(Math.max(MIN_MEMORY, halfOfHeap()), true);

  private final AtomicBoolean warned = new AtomicBoolean();
  private final WorkerExecutor workers;
  private final int limit;
  private final AtomicInteger pending = new AtomicInteger();

  /**
   * @param threads how many passwords are hashed side by side
   * @param waiting how many more may wait for their turn
   */
  public PasswordHasher(Vertx vertx, HashScheme scheme, int threads, int waiting) {
    this.scheme = scheme;
    this.workers = vertx.createSharedWorkerExecutor("doppel-hasher-" + hashCode(), threads);
    this.limit = threads + waiting;
  }

  /** Hashes a password. Fails with {@link Reason#OVERLOADED}. */
  public Future<PasswordHash> hash(Password password) {
    return work(() -> new PasswordHash(scheme.hash(password.clearText())));
  }

  /**
   * Returns a hash that can be stored in the place of one from elsewhere: the same one, or, if it
   * is unsalted or built on MD5, the old one hashed once more. Fails with {@link
   * Reason#OVERLOADED}, and with {@link UnsupportedHashException} for a hash that passwords can't
   * be verified against.
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
   * Whether the password belongs to the hash. Without a hash the answer is no, after the same work,
   * so that nobody can tell from the time whether there was one. Fails with {@link
   * Reason#OVERLOADED}, and with {@link Reason#UNAVAILABLE} if the hash needs more memory than this
   * process has to spare.
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
      // A hash from elsewhere may be cheap, which must not tell that there is one.
      var dummy = HashFamilies.parse(scheme.dummyHash().encoded());
      withMemory(dummy.memory(), () -> dummy.matches(password));
    }
    return right;
  }

  /**
   * Empty for one that was stored before such hashes were refused; {@code doppel check} names it.
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

  /** Computes what needs memory, at a time when it doesn't exhaust that of the process. */
  private <T> T withMemory(long bytes, Supplier<T> computation) throws InterruptedException {
    var kibibytes = (int) (bytes >> 10);
    if (!memory.tryAcquire(kibibytes, MEMORY_SECONDS, TimeUnit.SECONDS)) {
      throw Failure.of(Reason.OVERLOADED);
    }
    try {
      return computation.get();
    } finally {
      memory.release(kibibytes);
    }
  }

  /**
   * Returns whether the hash should be replaced by a new one of this password, which it belongs to.
   * One that ignores the end of a long password stays, or the password that was meant would be
   * refused after somebody has signed in with its beginning.
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
    if (pending.incrementAndGet() > limit) {
      pending.decrementAndGet();
      return Future.failedFuture(Failure.of(Reason.OVERLOADED));
    }
    return workers
        .executeBlocking(task, false)
        .onComplete(done -> pending.decrementAndGet())
        .onFailure(MemoryErrors::report);
  }

  @Override
  public void close() {
    workers.close();
  }
}
