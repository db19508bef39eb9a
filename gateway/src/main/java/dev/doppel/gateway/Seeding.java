package dev.doppel.gateway;

import dev.doppel.gateway.Seed.SeededUser;
import dev.doppel.influx.InfluxDialect;
import dev.doppel.store.MvStorage;
import dev.doppel.users.Failure;
import dev.doppel.users.NewUser;
import dev.doppel.users.Realm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Puts seeds into a realm: as one change into a store that serves, or, at the start, a thousand
 * users at a time. A process that is killed in between leaves a note in the store of how far it has
 * come, and the next one goes on there.
 */
final class Seeding {

  private static final int BATCH = 1_000;
  private static final String NOTE = "seed";

  /** Of a batch, where a busy store refuses it. */
  private static final int MAX_ATTEMPTS = 20;

  private final Vertx vertx;
  private final Realm realm;
  private final InfluxDialect.Settings influx;

  Seeding(Vertx vertx, Realm realm, InfluxDialect.Settings influx) {
    this.vertx = vertx;
    this.realm = realm;
    this.influx = influx;
  }

  /** How much of a seed was put in. */
  record Seeded(int organizations, int roles, int users, int tokens) {

    static Seeded of(Seed seed) {
      return new Seeded(
          seed.organizations().size(),
          seed.roles().size(),
          seed.users().size(),
          seed.users().stream().mapToInt(user -> user.tokens().size()).sum());
    }
  }

  /** How far the loading of a seed has come that is to go on. */
  private record Progress(String digest, int done, int total) {

    static Progress parse(String note) {
      var parts = note.split(" ", -1);
      return new Progress(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    String note() {
      return digest + " " + done + " " + total;
    }
  }

  /** A seed of which the first users have their passwords hashed. */
  record Begun(Seed seed, List<NewUser> hashed) {}

  /** Puts all of it in, or nothing and fails with {@link SeedConflict}. */
  Future<Seeded> load(Seed seed) {
    return realm
        .users()
        .hashedAll(seed.users().stream().map(SeedLoader::wanted).toList())
        .compose(
            hashed ->
                change(
                    now -> {
                      var loader = new SeedLoader(now, influx);
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
   * @param trial whether the whole seed is put into a store in memory first, for it won't be one
   *     change; fails with {@link SeedConflict} if that can't be
   * @param administrator that the store has beside it
   */
  Future<Begun> prepare(Seed seed, boolean trial, Optional<NewUser> administrator) {
    return (trial && seed.users().size() > BATCH
            ? Workers.run(vertx, () -> tryOut(seed, administrator))
            : Future.<Void>succeededFuture())
        .compose(possible -> hashed(batch(seed, 0)))
        .map(hashed -> new Begun(seed, hashed));
  }

  private static List<SeededUser> batch(Seed seed, int first) {
    return seed.users().subList(first, Math.min(seed.users().size(), first + BATCH));
  }

  private Future<List<NewUser>> hashed(List<SeededUser> users) {
    return realm.users().hashedAll(users.stream().map(SeedLoader::wanted).toList());
  }

  private Future<Void> tryOut(Seed seed, Optional<NewUser> administrator) {
    var storage = MvStorage.inMemory();
    var trial = realm.over(storage);
    var unhashed = seed.users().stream().map(Seeding::withoutPassword).toList();
    var loader = new SeedLoader(trial, influx);
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
    var loader = new SeedLoader(now, influx);
    var done = begun.hashed.size();
    return loader
        .loadReferences(seed)
        .compose(loaded -> loader.loadUsers(0, seed.users().subList(0, done), begun.hashed))
        .compose(loaded -> loader.unlessRefused())
        .compose(loaded -> keepNote(now, seed, done));
  }

  private static Future<Void> keepNote(Realm now, Seed seed, int done) {
    var total = seed.users().size();
    return done < total
        ? now.storage().keepNote(NOTE, Optional.of(new Progress(digest(seed), done, total).note()))
        : now.storage().keepNote(NOTE, Optional.empty());
  }

  private static Future<Optional<Progress>> progress(Realm now) {
    return now.storage().note(NOTE).map(note -> note.map(Progress::parse));
  }

  /**
   * Goes on with what has been begun, now or by a process that was killed; does nothing if that is
   * nothing. Fails with {@link Refused} if it was another seed.
   *
   * @param store as the message calls it
   */
  Future<Void> finish(Optional<Seed> seed, String store) {
    return progress(realm)
        .compose(
            progress ->
                progress.isEmpty()
                    ? Future.succeededFuture()
                    : seed.filter(given -> digest(given).equals(progress.get().digest))
                        .map(given -> finish(given, progress.get().done, MAX_ATTEMPTS))
                        .orElseGet(() -> Future.failedFuture(otherSeed(progress.get(), store))));
  }

  private static Refused otherSeed(Progress progress, String store) {
    return new Refused(
        Refused.CONFIGURATION,
        "--store %s: the loading of its seed was interrupted after %s of %s users; start it with the same --seed, or begin with an empty store"
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
                    ? finish(seed, first, attempts - 1)
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
              var loader = new SeedLoader(now, influx);
              var done = first + users.size();
              return loader
                  .loadUsers(first, users, hashed)
                  .compose(loaded -> loader.unlessRefused())
                  .compose(loaded -> keepNote(now, seed, done))
                  .map(Optional.of(done).filter(place -> place < seed.users().size()));
            });
  }

  /** Tells one seed from another by what is no secret in them. */
  private static String digest(Seed seed) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      seed.organizations().forEach(one -> update(digest, one.name()));
      seed.roles().forEach(one -> update(digest, one.name()));
      for (var user : seed.users()) {
        update(digest, user.name());
        update(digest, String.valueOf(user.id()));
        update(digest, String.valueOf(user.email()));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
