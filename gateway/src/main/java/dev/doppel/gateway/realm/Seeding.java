package dev.doppel.gateway.realm;

import dev.doppel.Seed;
import dev.doppel.Seed.SeededUser;
import dev.doppel.SeedConflictException;
import dev.doppel.StartupException;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.gateway.thread.Workers;
import dev.doppel.store.MvStorage;
import dev.doppel.users.Failure;
import dev.doppel.users.NewUser;
import dev.doppel.users.Realm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Loads seeds into a realm: in one change while the gateway serves; at start in batches of {@link
 * #BATCH_SIZE} users. The progress of a batched load is stored as a note, so that the next start
 * continues a load that was interrupted.
 */
public final class Seeding {

  private static final int BATCH_SIZE = 1_000;
  private static final String NOTE_NAME = "seed";

  /** Maximum attempts for a batch that a busy store refuses; with the pauses at least a minute. */
  private static final int MAX_ATTEMPTS = 60;

  private static final long RETRY_DELAY_MILLIS = 1_000;

  private final Vertx vertx;
  private final Realm realm;
  private final ServedVendor<?> tokens;

  /**
   * @param tokens the vendor that creates tokens with permissions of their own
   */
  Seeding(Vertx vertx, Realm realm, ServedVendor<?> tokens) {
    this.vertx = vertx;
    this.realm = realm;
    this.tokens = tokens;
  }

  /** The numbers of loaded rows. */
  public record SeedCounts(int organizations, int roles, int users, int tokens) {

    static SeedCounts of(Seed seed) {
      return new SeedCounts(
          seed.organizations().size(),
          seed.roles().size(),
          seed.users().size(),
          seed.users().stream().mapToInt(user -> user.tokens().size()).sum());
    }
  }

  /**
   * The progress of a load in batches.
   *
   * @param salt random, so that the digest reveals nothing about the content of the seed
   * @param digest salted digest of the seed, to recognize it
   * @param done number of loaded users
   * @param total number of users in the seed
   */
  private record Progress(String salt, String digest, int done, int total) {

    static Progress start(Seed seed, int done) {
      var salt = SeedDigest.newSalt();
      return new Progress(salt, SeedDigest.of(seed, salt), done, seed.users().size());
    }

    static Progress parse(String note) {
      var parts = note.split(" ", -1);
      return new Progress(
          parts[0], parts[1], Integer.parseInt(parts[2]), Integer.parseInt(parts[3]));
    }

    String format() {
      return String.join(" ", salt, digest, String.valueOf(done), String.valueOf(total));
    }

    boolean isOf(Seed seed) {
      return digest.equals(SeedDigest.of(seed, salt));
    }

    Progress withDone(int count) {
      return new Progress(salt, digest, count, total);
    }
  }

  /** A seed and its first users with hashed passwords. */
  record PreparedSeed(Seed seed, List<NewUser> hashed) {}

  /** Ends the change of a check, which is rolled back. */
  private static final class CheckedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CheckedException() {
      super("checked", null, false, false);
    }
  }

  /** Fails with {@link SeedConflictException} if a seed can't be loaded; changes nothing. */
  Future<Void> check(Seed seed) {
    var unhashed = seed.users().stream().map(Seeding::withoutPassword).toList();
    return this.<Void>change(
            now ->
                load(now, seed, unhashed)
                    .compose(done -> Future.failedFuture(new CheckedException())))
        .recover(
            thrown ->
                thrown instanceof CheckedException
                    ? Future.succeededFuture()
                    : Future.failedFuture(thrown));
  }

  /** Loads a seed, or fails with {@link SeedConflictException} and loads nothing. */
  Future<Void> load(Seed seed) {
    return hash(seed.users()).compose(hashed -> change(now -> load(now, seed, hashed)));
  }

  /** Loads a whole seed as part of a change. */
  private Future<Void> load(Realm now, Seed seed, List<NewUser> hashed) {
    var loader = new SeedLoader(now, tokens);
    return loader
        .loadReferences(seed)
        .compose(done -> loadFrom(loader, 0, seed.users(), hashed))
        .compose(done -> loader.failOnProblems());
  }

  /** Runs a change on a worker, as a store in memory does all of it at once on this thread. */
  private <T> Future<T> change(Function<Realm, Future<T>> work) {
    return Workers.run(vertx, () -> realm.change(work));
  }

  private static Future<Void> loadFrom(
      SeedLoader loader, int first, List<SeededUser> users, List<NewUser> hashed) {
    var last = Math.min(users.size(), first + BATCH_SIZE);
    return first == users.size()
        ? Future.succeededFuture()
        : loader
            .loadUsers(first, users.subList(first, last), hashed.subList(first, last))
            .compose(done -> loadFrom(loader, last, users, hashed));
  }

  /**
   * Prepares a seed for {@link #begin}.
   *
   * @param administrator administrator of the same store
   * @param whole whether the seed is loaded in one change. Otherwise a seed of several batches is
   *     first loaded into a store in memory as a check; fails with {@link SeedConflictException} if
   *     it has conflicts.
   */
  Future<PreparedSeed> prepare(Seed seed, Optional<NewUser> administrator, boolean whole) {
    if (whole || seed.users().size() <= BATCH_SIZE) {
      return hash(seed.users()).map(hashed -> new PreparedSeed(seed, hashed));
    }
    return Workers.run(vertx, () -> dryRun(seed, administrator))
        .compose(possible -> hash(batch(seed, 0)))
        .map(hashed -> new PreparedSeed(seed, hashed));
  }

  private static List<SeededUser> batch(Seed seed, int first) {
    return seed.users().subList(first, Math.min(seed.users().size(), first + BATCH_SIZE));
  }

  private Future<List<NewUser>> hash(List<SeededUser> users) {
    return realm.users().hashPasswords(users.stream().map(SeedLoader::toNewUser).toList());
  }

  private Future<Void> dryRun(Seed seed, Optional<NewUser> administrator) {
    var storage = MvStorage.inMemory();
    var trial = realm.over(storage);
    var unhashed = seed.users().stream().map(Seeding::withoutPassword).toList();
    return trial
        .createDefaults()
        .compose(
            done ->
                administrator.isEmpty()
                    ? Future.succeededFuture()
                    : trial.createOwner(administrator.get()))
        .compose(done -> load(trial, seed, unhashed))
        .eventually(storage::close);
  }

  private static NewUser withoutPassword(SeededUser user) {
    return SeedLoader.toNewUser(user).withoutPassword();
  }

  /** Loads the first batch as part of a change, and stores the progress if there are more. */
  Future<Void> begin(Realm now, PreparedSeed prepared) {
    var seed = prepared.seed;
    var loader = new SeedLoader(now, tokens);
    var done = prepared.hashed.size();
    return loader
        .loadReferences(seed)
        .compose(loaded -> loadFrom(loader, 0, seed.users().subList(0, done), prepared.hashed))
        .compose(loaded -> loader.failOnProblems())
        .compose(loaded -> saveProgress(now, Progress.start(seed, done)));
  }

  /** Stores the progress, or deletes it if everything is loaded. */
  private static Future<Void> saveProgress(Realm now, Progress progress) {
    return now.storage()
        .putNote(
            NOTE_NAME,
            Optional.of(progress).filter(one -> one.done < one.total).map(Progress::format));
  }

  private static Future<Optional<Progress>> findProgress(Realm now) {
    return now.storage().note(NOTE_NAME).map(note -> note.map(Progress::parse));
  }

  /**
   * Loads the remaining batches of a seed that this process or an earlier one began, if any. Fails
   * with {@link StartupException} if that was another seed.
   *
   * @param store name of the store for messages
   */
  Future<Void> finish(Optional<Seed> seed, String store) {
    return findProgress(realm)
        .compose(
            progress ->
                progress.isEmpty()
                    ? Future.succeededFuture()
                    : seed.filter(progress.get()::isOf)
                        .map(given -> finish(given, progress.get().done, MAX_ATTEMPTS))
                        .orElseGet(
                            () ->
                                Future.failedFuture(newOtherSeedException(progress.get(), store))));
  }

  private static StartupException newOtherSeedException(Progress progress, String store) {
    return new StartupException(
        StartupException.CONFIGURATION,
        "--store %s: its seed is loaded no further than %s of %s users; start with the same --seed to load the rest, or with an empty store"
            .formatted(store, progress.done, progress.total));
  }

  private Future<Void> finish(Seed seed, int first, int attempts) {
    var users = batch(seed, first);
    return hash(users)
        .compose(hashed -> change(now -> loadNext(now, seed, first, users, hashed)))
        .transform(
            (next, thrown) -> {
              if (thrown != null) {
                return isBusy(thrown) && attempts > 1
                    ? vertx
                        .timer(RETRY_DELAY_MILLIS, TimeUnit.MILLISECONDS)
                        .compose(rested -> finish(seed, first, attempts - 1))
                    : Future.failedFuture(thrown);
              }
              return next.isPresent()
                  ? finish(seed, next.get(), MAX_ATTEMPTS)
                  : Future.succeededFuture();
            });
  }

  private static boolean isBusy(Throwable thrown) {
    return switch (Failure.from(thrown).reason()) {
      case OVERLOADED, TIMED_OUT, UNAVAILABLE -> true;
      default -> false;
    };
  }

  /**
   * Loads a batch unless another gateway has loaded it in the meantime. Returns the index at which
   * to continue; empty if nothing is left.
   */
  private Future<Optional<Integer>> loadNext(
      Realm now, Seed seed, int first, List<SeededUser> users, List<NewUser> hashed) {
    return findProgress(now)
        .compose(
            progress -> {
              if (progress.isEmpty() || progress.get().done != first) {
                return Future.succeededFuture(progress.map(Progress::done));
              }
              var loader = new SeedLoader(now, tokens);
              var done = first + users.size();
              return loader
                  .loadUsers(first, users, hashed)
                  .compose(loaded -> loader.failOnProblems())
                  .compose(loaded -> saveProgress(now, progress.get().withDone(done)))
                  .map(Optional.of(done).filter(next -> next < seed.users().size()));
            });
  }
}
