package dev.doppel.benchmark;

import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.PasswordHasher;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * Number of passwords that this machine hashes per second with all processors: {@code HashRate
 * argon2id|fast}. It is the upper limit of the rate at which a gateway can create users.
 */
public final class HashRate {

  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration MEASURED = Duration.ofSeconds(10);

  private HashRate() {}

  public static void main(String[] args) throws InterruptedException {
    var scheme = HashScheme.valueOf(args[0].toUpperCase(Locale.ROOT));
    var processors = Runtime.getRuntime().availableProcessors();
    var vertx = Vertx.vertx();
    var hasher = new PasswordHasher(vertx, scheme, processors, 2 * processors);
    var hashed = new LongAdder();
    for (int i = 0; i < 2 * processors; i++) {
      again(hasher, hashed);
    }
    Thread.sleep(WARM_UP.toMillis());
    hashed.reset();
    Thread.sleep(MEASURED.toMillis());
    System.out.printf(Locale.ROOT, "%.1f%n", (double) hashed.sum() / MEASURED.toSeconds());
    System.exit(0);
  }

  private static Future<PasswordHash> again(PasswordHasher hasher, LongAdder hashed) {
    return hasher
        .hash(new Password("P@ssw0rd"))
        .onSuccess(
            hash -> {
              hashed.increment();
              again(hasher, hashed);
            });
  }
}
