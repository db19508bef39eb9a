package dev.doppel;

import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.dialect.VendorOperation;
import dev.doppel.gateway.Gateway;
import dev.doppel.gateway.realm.HostedRealm;
import dev.doppel.users.Password;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A gateway inside this process, or a realm of one, for tests and tools. Calls wait until they are
 * done, 20 seconds at most. Several threads may use it.
 */
public final class Doppel implements AutoCloseable {

  private static final long SECONDS = 20;

  /**
   * Who can do everything there is at first.
   *
   * @param token good in every dialect; empty if none was configured
   */
  public record Administrator(String user, String password, Optional<String> token) {
    @Override
    public String toString() {
      return "Administrator[" + user + "]";
    }
  }

  private final Gateway gateway;
  private final HostedRealm realm;
  private final URI uri;
  private final URI controlUri;
  private final Supplier<Future<Void>> closing;

  private Doppel(
      Gateway gateway,
      HostedRealm realm,
      String url,
      String controlUrl,
      Supplier<Future<Void>> closing) {
    this.gateway = gateway;
    this.realm = realm;
    this.uri = URI.create(url);
    this.controlUri = URI.create(controlUrl);
    this.closing = closing;
  }

  /** With everything at its default, on a free port of loopback. */
  public static Doppel start() {
    return start(DoppelConfig.DEFAULT.toBuilder().port(0).build());
  }

  /**
   * As configured.
   *
   * @throws StartupException as {@link Gateway#start}
   */
  public static Doppel start(DoppelConfig config) {
    var vertx = Vertx.vertx();
    try {
      var gateway = await(Gateway.start(vertx, config));
      return new Doppel(
          gateway, gateway.realm(), gateway.url(), gateway.controlUrl(), gateway::closeWithVertx);
    } catch (RuntimeException failed) {
      await(vertx.close());
      throw failed;
    }
  }

  /**
   * Another realm of the same gateway: as this one was at first, in memory, with an address, a
   * journal, faults and a clock of its own. Closing it closes nothing else.
   *
   * @throws IllegalStateException if a thousand are open already
   */
  public Doppel openRealm() {
    var realms = gateway.realms();
    var open = await(realms.open(Optional.empty()));
    return new Doppel(
        gateway,
        open.realm(),
        open.listener().url(),
        gateway.controlUrl(open),
        () -> realms.close(open.name()).orElseGet(Future::succeededFuture));
  }

  /** Base URL of every dialect, without a slash at the end. */
  public URI uri() {
    return uri;
  }

  /**
   * Returns the URL of the control plane, {@code http://127.0.0.1:8080/_doppel} or the like,
   * without a slash at the end.
   */
  public URI controlUri() {
    return controlUri;
  }

  /**
   * Who can do everything at first.
   *
   * @throws IllegalStateException if it was started blank
   */
  public Administrator administrator() {
    var config = realm.config();
    var credentials = config.credentials();
    if (credentials.blank()) {
      throw new IllegalStateException("it was started blank, without an administrator");
    }
    return config.readyToUse()
        ? new Administrator(
            credentials.userName(),
            Credentials.READY_PASSWORD,
            Optional.of(Credentials.READY_TOKEN))
        : new Administrator(
            credentials.userName(),
            credentials.password().map(Password::clearText).orElse(""),
            credentials.operatorToken());
  }

  /** Begins what is to be put in. */
  public SeedBuilder seed() {
    return new SeedBuilder(this::seed);
  }

  /** Puts all of it in; or nothing, and throws what says why, if a name is taken. */
  public void seed(Seed seed) {
    await(realm.state().seed(seed));
  }

  /** All calls that were answered since it started, was reset, or as far back as are kept. */
  public Calls calls() {
    return Calls.of(realm.journal());
  }

  /** As above, of one operation. */
  public Calls calls(VendorOperation operation) {
    return calls().of(operation);
  }

  /** What is to go wrong on purpose. */
  public FaultInjection faults() {
    return new FaultInjection(realm);
  }

  /** The time of everything in it. */
  public MovableClock clock() {
    return realm.clock();
  }

  /** Goes back to how it was at first: state, clock, journal and faults. */
  public void reset() {
    await(realm.reset());
  }

  @Override
  public void close() {
    await(closing.get());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done within " + SECONDS + " s", e);
    }
  }
}
