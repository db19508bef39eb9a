package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Limits;
import dev.doppel.integration.AuthorityCalls.StoreAwayException;
import dev.doppel.integration.AuthorityRun.ViolationException;
import dev.doppel.store.MvStore;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.store.postgres.PgStore;
import dev.doppel.store.postgres.TestPostgres;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import dev.doppel.users.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * The eight sentences of "one person, one authority", tested with random sequences of calls by
 * outsiders, ordinary users, organization administrators and administrators through all four
 * dialects. After every step, the realm is read through all dialects and compared with a model.
 *
 * <p>Builds always use the same seed, so that they don't fail by chance. {@code
 * -Ddoppel.steps=200000} runs longer in memory and {@code -Ddoppel.steps.postgres=2000} on
 * PostgreSQL, with a new seed each time; {@code -Ddoppel.seed=…} repeats a run. {@code
 * -Ddoppel.figures=true} prints how often each call succeeded and was rejected. {@code
 * -Ddoppel.violations=10} continues until that many different violations are found, and {@code
 * -Ddoppel.replay=…} repeats the steps at the end of a report.
 */
class AuthorityModelTest {

  private static final int STEPS_PER_REALM = 80;
  private static final int STEPS_BETWEEN_FULL_CHECKS = 20;
  private static final int MAX_REPLAYS = 300;
  private static final long SEED_OF_BUILDS = 19;

  @Property(tries = 1, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void authority_holdsInMemory(@ForAll long seed) {
    try (var doppel = Doppel.start(config(MvStore.memory()));
        var calls = new AuthorityCalls(doppel)) {
      var realm =
          new Realm() {
            @Override
            public AuthorityRun fresh() {
              doppel.reset();
              return new AuthorityRun(calls);
            }
          };
      explore(realm, seed, Integer.getInteger("doppel.steps", 1_600));
    }
  }

  @Property(tries = 1, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void authority_holdsOnPostgres(@ForAll long seed) {
    var steps = Integer.getInteger("doppel.steps.postgres", 240);
    var chosen = seedOr(seed);
    var random = new Random(chosen);
    int finished = 0;
    for (int made = 0; made < steps; made += STEPS_PER_REALM) {
      // Failed sign-ins are counted per gateway, so each realm gets a new one.
      var store = new PgStore(PgAddress.parse(TestPostgres.newUri()), 4);
      try (var doppel = Doppel.start(config(store));
          var calls = new AuthorityCalls(doppel)) {
        var failed = attempt(() -> new AuthorityRun(calls), Sequence.next(random));
        assertThat(failed.map(Failed::report)).as("seed %d", chosen).isEmpty();
        finished++;
      } catch (StoreAwayException busy) {
        // retried with the next realm
      }
    }
    assertThat(finished).as("realms that were not cut short").isPositive();
  }

  private static DoppelConfig config(Store store) {
    return DoppelConfig.DEFAULT.toBuilder()
        .port(0)
        .store(store)
        .hash(HashScheme.FAST)
        .journal(0)
        .limits(
            Limits.DEFAULT
                .withWrongPasswordsPerMinute(1_000_000)
                .withRegistrationsPerMinute(1_000_000))
        .credentials(
            new Credentials(
                Optional.empty(),
                Optional.of(new Password(AuthorityRun.ROOT_PASSWORD)),
                Optional.of(AuthorityRun.OPERATOR),
                false))
        .build();
  }

  /** A source of fresh realms, one for each sequence. */
  private interface Realm {
    AuthorityRun fresh();
  }

  /** Seeds of steps, and whether the realm is prepared first. */
  private record Sequence(boolean prepared, List<Long> seeds) {

    private static final String PREPARED = "prepared";

    static Sequence next(Random random) {
      return new Sequence(
          random.nextBoolean(), random.longs(STEPS_PER_REALM).boxed().collect(Collectors.toList()));
    }

    static Sequence parse(String text) {
      var parts = new ArrayList<>(List.of(text.split("[, ]+")));
      var prepared = parts.remove(PREPARED);
      return new Sequence(prepared, parts.stream().map(Long::valueOf).toList());
    }

    Sequence with(List<Long> others) {
      return new Sequence(prepared, List.copyOf(others));
    }

    @Override
    public String toString() {
      return (prepared ? PREPARED + "," : "")
          + seeds.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
  }

  /** A violation, and all calls that led to it. */
  private record Failed(String what, Sequence steps, List<String> history) {

    String rule() {
      return what.replaceAll("'[^']*'", "")
          .split(" by | of ")[0]
          .replaceAll(": (\\w|@|\\.)+\\*? ", ": ");
    }

    String report() {
      return what + "\n  " + String.join("\n  ", history) + "\n  steps: " + steps;
    }
  }

  private static long seedOr(long another) {
    var longer = Stream.of("doppel.steps", "doppel.steps.postgres").map(System::getProperty);
    return Long.getLong("doppel.seed", longer.allMatch(Objects::isNull) ? SEED_OF_BUILDS : another);
  }

  private static void explore(Realm realm, long given, int steps) {
    var replay = System.getProperty("doppel.replay");
    if (replay != null) {
      var failed = attempt(realm::fresh, Sequence.parse(replay));
      throw new AssertionError(failed.map(Failed::report).orElse("all went well"));
    }
    long seed = seedOr(given);
    var random = new Random(seed);
    var done = new TreeMap<String, Integer>();
    var reports = new TreeMap<String, String>();
    int most = Integer.getInteger("doppel.violations", 1);
    for (int made = 0; made < steps && reports.size() < most; made += STEPS_PER_REALM) {
      var run = new ArrayList<AuthorityRun>();
      var failed =
          attempt(
              () -> {
                run.add(realm.fresh());
                return run.get(0);
              },
              Sequence.next(random));
      run.get(0).done().forEach((what, times) -> done.merge(what, times, Integer::sum));
      var begun = made;
      failed.ifPresent(
          one ->
              reports.computeIfAbsent(
                  one.rule(),
                  rule ->
                      "within %d steps:\n".formatted(begun + one.steps.seeds.size())
                          + shortest(realm, one).report()));
    }
    if (!reports.isEmpty()) {
      throw new AssertionError("seed " + seed + "\n" + String.join("\n\n", reports.values()));
    }
    if (Boolean.getBoolean("doppel.figures")) {
      done.forEach((what, times) -> System.out.println(times + "\t" + what));
    }
    assertThat(succeeded(done)).as("calls that succeeded").hasSizeGreaterThan(25);
  }

  private static Map<String, Integer> succeeded(Map<String, Integer> done) {
    var some = new TreeMap<>(done);
    some.keySet().removeIf(what -> what.endsWith("-"));
    return some;
  }

  private static Optional<Failed> attempt(Supplier<AuthorityRun> fresh, Sequence steps) {
    var seeds = steps.seeds;
    var run = fresh.get();
    var checks = new AuthorityChecks(run);
    var actions = new AuthorityActions(run, checks);
    int made = 0;
    try {
      if (steps.prepared) {
        actions.prepare();
      }
      for (; made < seeds.size(); made++) {
        actions.step(seeds.get(made));
        checks.cheap();
        if (made % STEPS_BETWEEN_FULL_CHECKS == STEPS_BETWEEN_FULL_CHECKS - 1) {
          checks.full();
        }
      }
      return Optional.empty();
    } catch (ViolationException violation) {
      return Optional.of(
          new Failed(violation.getMessage(), steps.with(seeds.subList(0, made + 1)), run.history));
    }
  }

  /** Removes steps as long as the same violation occurs. */
  private static Failed shortest(Realm realm, Failed failed) {
    var best = failed;
    int replays = 0;
    for (int size = Math.max(1, best.steps.seeds.size() / 2); size > 0; size /= 2) {
      for (int from = 0; from < best.steps.seeds.size() && replays < MAX_REPLAYS; ) {
        var fewer = new ArrayList<>(best.steps.seeds);
        fewer.subList(from, Math.min(from + size, fewer.size())).clear();
        replays++;
        var again = attempt(realm::fresh, best.steps.with(fewer));
        if (again.isPresent() && again.get().rule().equals(best.rule())) {
          best = again.get();
        } else {
          from += size;
        }
      }
    }
    return best;
  }
}
