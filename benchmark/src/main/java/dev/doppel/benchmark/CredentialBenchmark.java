package dev.doppel.benchmark;

import dev.doppel.store.MvStorage;
import dev.doppel.users.Authority;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Ids;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Realm;
import dev.doppel.users.Secrets;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Cost of verifying a name and a password, uncached and cached. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // set up by the harness
public class CredentialBenchmark {

  @Param({"FAST", "ARGON2ID"})
  public HashScheme scheme;

  private final Password right = new Password("P@ssw0rd");
  private final Password wrong = new Password("wr0ng-P@ssw0rd");
  private Vertx vertx;
  private Users users;

  /** Creates a user in memory and verifies the password once. */
  @Setup
  public void createUser() {
    vertx = Vertx.vertx();
    var clock = Clock.systemUTC();
    var hasher = new PasswordHasher(vertx, scheme, 1, 10);
    users =
        Realm.over(
                vertx,
                MvStorage.inMemory(),
                hasher,
                new Ids(clock, 0),
                new Secrets(),
                clock,
                Realm.Settings.DEFAULT)
            .users();
    await(users.by(Authority.SERVER).create(NewUser.named("alice").withPassword(right)));
    await(users.verify("alice", right));
  }

  @TearDown
  public void close() {
    await(vertx.close());
  }

  /** Verifies the same right password again, as Milvus's clients do with every request. */
  @Benchmark
  public User rightAgain() {
    return await(users.verify("alice", right));
  }

  /** Verifies a wrong password, which is never cached. */
  @Benchmark
  public Throwable wrong() {
    return await(users.verify("alice", wrong).map((Throwable) null).otherwise(thrown -> thrown));
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
