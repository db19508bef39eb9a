package dev.doppel.gateway.realm;

import dev.doppel.Seed;
import dev.doppel.Seed.SeededUser;
import dev.doppel.SeedConflict;
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
 * Puts seeds into a realm: as one change into a store that serves, or, at the start, a thousand
 * users at a time. A process that is killed in between leaves a note in the store of how far it has
 * come, and the next one goes on there.
 */
public final class Seeding {

  private static final int BATCH = 1_000;
  private static final String NOTE = "seed";

  /** Of a batch, where a busy store refuses it; with the pauses, a minute at least. */
  private static final int MAX_ATTEMPTS = 60;

  private static final long PAUSE_MILLIS = 1_000;

  private final Vertx vertx;
  private final Realm realm;
  private final ServedVendor<?> tokens;

  /**
   * @param tokens the vendor that makes tokens with permissions of their own
   */
  Seeding(Vertx vertx, Realm realm, ServedVendor<?> tokens) {
    this.vertx = vertx;
    this.realm = realm;
    this.tokens = tokens;
  }

  /** How much of a seed was put in. */
  public record Seeded(int organizations, int roles, int users, int tokens) {

    static Seeded of(Seed seed) {
      return new Seeded(
          seed.organizations().size(),
          seed.roles().size(),
          seed.users().size(),
          seed.users().stream().mapToInt(user -> user.tokens().size()).sum());
    }
  }

  /**
   * How far the loading of a seed has come that is to go on.
   *
   * @param salt drawn for each seed, so that its digest tells nothing about what is in it
   */
  private record Progress(String salt, String digest, int done, int total) {

    static Progress begun(Seed seed, int done) {
      var salt = SeedDigest.newSalt();
      return new Progress(salt, SeedDigest.of(seed, salt), done, seed.users().size());
    }

    static Progress parse(String note) {
      var parts = note.split(" ", -1);
      return new Progress(
          parts[0], parts[1], Integer.parseInt(parts[2]), Integer.parseInt(parts[3]));
    }

    String note() {
      return String.join(" ", salt, digest, String.valueOf(done), String.valueOf(total));
    }

    boolean isOf(Seed seed) {
      return digest.equals(SeedDigest.of(seed, salt));
    }

    Progress at(int place) {
      return new Progress(salt, digest, place, total);
    }
  }

  /** A seed of which the first users have their passwords hashed. */
  record Begun(Seed seed, List<NewUser> hashed) {}

  /** Puts all of it in, or nothing and fails with {@link SeedConflict}. */
  Future<Seeded> load(Seed seed) {
    return realm
        .users()
        .hashPasswords(seed.users().stream().map(SeedLoader::wanted).toList())
        .compose(
            hashed ->
                change(
                    now -> {
                      var loader = new SeedLoader(now, tokens);
                      return loader
                          .loadReferences(seed)
                          .compose(done -> loadFrom(loader, 0, seed.users(), hashed))
                          .compose(done -> loader.unlessRefused())
                          .map(done -> Seeded.of(seed));
                    }));
  }

  /** In memory all of a change is made at once. */
  private <T> Future<T> change(Function<Realm, Future<T>> work) {
    return Workers.run(vertx, () -> realm.change(work));
  }

  private static Future<Void> loadFrom(
      SeedLoader loader, int first, List<SeededUser> users, List<NewUser> hashed) {
    var last = Math.min(users.size(), first + BATCH);
    return first == users.size()
        ? Future.succeededFuture()
        : loader
            .loadUsers(first, users.subList(first, last), hashed.subList(first, last))
            .compose(done -> loadFrom(loader, last, users, hashed));
  }

  /**
   * Prepares what {@link #begin} puts in.
   *
   * @param administrator that the store has beside it
   * @param whole whether all of it is to be one change. Otherwise a large seed is put into a store
   *     in memory first; fails with {@link SeedConflict} if that can't be
   */
  Future<Begun> prepare(Seed seed, Optional<NewUser> administrator, boolean whole) {
    if (whole || seed.users().size() <= BATCH) {
      return hashed(seed.users()).map(hashed -> new Begun(seed, hashed));
    }
    return Workers.run(vertx, () -> tryOut(seed, administrator))
        .compose(possible -> hashed(batch(seed, 0)))
        .map(hashed -> new Begun(seed, hashed));
  }

  private static List<SeededUser> batch(Seed seed, int first) {
    return seed.users().subList(first, Math.min(seed.users().size(), first + BATCH));
  }

  private Future<List<NewUser>> hashed(List<SeededUser> users) {
    return realm.users().hashPasswords(users.stream().map(SeedLoader::wanted).toList());
  }

  private Future<Void> tryOut(Seed seed, Optional<NewUser> administrator) {
    var storage = MvStorage.inMemory();
    var trial = realm.over(storage);
    var unhashed = seed.users().stream().map(Seeding::withoutPassword).toList();
    var loader = new SeedLoader(trial, tokens);
    return trial
        .createDefaults()
        .compose(
            done ->
                administrator.isEmpty()
                    ? Future.succeededFuture()
                    : trial.createOwner(administrator.get()))
        .compose(done -> loader.loadReferences(seed))
        .compose(done -> loadFrom(loader, 0, seed.users(), unhashed))
        .compose(done -> loader.unlessRefused())
        .eventually(storage::close);
  }

  private static NewUser withoutPassword(SeededUser user) {
    return SeedLoader.wanted(user).withoutPassword();
  }

  /** Puts the first users in, as part of a change, and leaves a note if there are more. */
  Future<Void> begin(Realm now, Begun begun) {
    var seed = begun.seed;
    var loader = new SeedLoader(now, tokens);
    var done = begun.hashed.size();
    return loader
        .loadReferences(seed)
        .compose(loaded -> loadFrom(loader, 0, seed.users().subList(0, done), begun.hashed))
        .compose(loaded -> loader.unlessRefused())
        .compose(loaded -> keep(now, Progress.begun(seed, done)));
  }

  /** Keeps a note of what is left, or none. */
  private static Future<Void> keep(Realm now, Progress progress) {
    return now.storage()
        .putNote(
            NOTE, Optional.of(progress).filter(one -> one.done < one.total).map(Progress::note));
  }

  private static Future<Optional<Progress>> progress(Realm now) {
    return now.storage().note(NOTE).map(note -> note.map(Progress::parse));
  }

  /**
   * Goes on with what has been begun, now or by a process that was killed; does nothing if that is
   * nothing. Fails with {@link StartupException} if it was another seed.
   *
   * @param store as the message calls it
   */
  Future<Void> finish(Optional<Seed> seed, String store) {
    return progress(realm)
        .compose(
            progress ->
                progress.isEmpty()
                    ? Future.succeededFuture()
                    : seed.filter(progress.get()::isOf)
                        .map(given -> finish(given, progress.get().done, MAX_ATTEMPTS))
                        .orElseGet(() -> Future.failedFuture(otherSeed(progress.get(), store))));
  }

  private static StartupException otherSeed(Progress progress, String store) {
    return new StartupException(
        StartupException.CONFIGURATION,
        "--store %s: its seed is loaded no further than %s of %s users; start with the same --seed to load the rest, or with an empty store"
            .formatted(store, progress.done, progress.total));
  }

  private Future<Void> finish(Seed seed, int first, int attempts) {
    var users = batch(seed, first);
    return hashed(users)
        .compose(hashed -> change(now -> goOn(now, seed, first, users, hashed)))
        .transform(
            (next, thrown) -> {
              if (thrown != null) {
                return isBusy(thrown) && attempts > 1
                    ? vertx
                        .timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
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

  /** Returns where to go on; empty if nothing is left. Another gateway may have come further. */
  private Future<Optional<Integer>> goOn(
      Realm now, Seed seed, int first, List<SeededUser> users, List<NewUser> hashed) {
    return progress(now)
        .compose(
            progress -> {
              if (progress.isEmpty() || progress.get().done != first) {
                return Future.succeededFuture(progress.map(Progress::done));
              }
              var loader = new SeedLoader(now, tokens);
              var done = first + users.size();
              return loader
                  .loadUsers(first, users, hashed)
                  .compose(loaded -> loader.unlessRefused())
                  .compose(loaded -> keep(now, progress.get().at(done)))
                  .map(Optional.of(done).filter(place -> place < seed.users().size()));
            });
  }
}
