package dev.doppel;

import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.dialect.Vendor;
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
 * A gateway inside this process, or a realm of one, for tests and tools. Methods block until their
 * work is done, and throw {@link IllegalStateException} after 20 seconds. Thread-safe.
 */
public final class Doppel implements AutoCloseable {

  private static final long TIMEOUT_SECONDS = 20;

  /**
   * Credentials of the initial administrator.
   *
   * @param token a token that every dialect accepts; empty if none is configured
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

  /**
   * Starts a gateway with {@link DoppelConfig#DEFAULT} on a free port of loopback.
   *
   * @throws StartupException as {@link #start(DoppelConfig)}
   */
  public static Doppel start() {
    return start(DoppelConfig.DEFAULT.toBuilder().port(0).build());
  }

  /**
   * Starts a gateway and waits until it serves.
   *
   * @throws StartupException if the configuration contradicts itself, the store can't be opened, or
   *     a port is not available
   */
  public static Doppel start(DoppelConfig config) {
    var vertx = Vertx.vertx();
    try {
      var gateway = await(Gateway.start(vertx, config));
      return new Doppel(
          gateway, gateway.realm(), gateway.url(), gateway.controlUrl(), gateway::closeWithVertx);
    } catch (RuntimeException e) {
      await(vertx.close());
      throw e;
    }
  }

  /**
   * Opens another realm of the same gateway: with the same configuration and initial state, in
   * memory, with its own address, journal, faults and clock. Closing it leaves the gateway open.
   *
   * @throws IllegalStateException if 1000 realms are open already
   */
  public Doppel openRealm() {
    return openRealm(RealmOptions.DEFAULT);
  }

  /**
   * Opens another realm as {@link #openRealm()} does, with options of its own.
   *
   * @throws BadRequestException if an option isn't allowed or the seed can't be loaded
   * @throws IllegalStateException if the name is taken or a dialect's, or 1000 realms are open
   *     already
   */
  public Doppel openRealm(RealmOptions options) {
    var realms = gateway.realms();
    var open = await(realms.open(options));
    return new Doppel(
        gateway,
        open.realm(),
        open.listener().url(),
        gateway.controlUrl(open),
        () -> realms.close(open.name()).orElseGet(Future::succeededFuture));
  }

  /** Returns the base URL of every dialect, without a slash at the end. */
  public URI uri() {
    return uri;
  }

  /**
   * Returns the base URL of a vendor's dialect, without a slash at the end: that of its own port if
   * it has one, else {@link #uri}. A realm of its own has one port for all dialects.
   */
  public URI uri(Vendor<?> vendor) {
    return realm == gateway.realm() ? URI.create(gateway.url(vendor)) : uri;
  }

  /**
   * Returns the URL of the control plane, {@code http://127.0.0.1:8080/_doppel} or the like,
   * without a slash at the end.
   */
  public URI controlUri() {
    return controlUri;
  }

  /**
   * Returns the credentials of the initial administrator.
   *
   * @throws IllegalStateException if the gateway was started without an administrator
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

  /** Returns a builder of a seed for this realm; {@link SeedBuilder#put} loads it. */
  public SeedBuilder seed() {
    return new SeedBuilder(this::seed);
  }

  /**
   * Loads a seed: all of it or nothing.
   *
   * @throws RuntimeException whose message names the rows whose names, ids or tokens are taken, if
   *     there are any
   */
  public void seed(Seed seed) {
    await(realm.state().seed(seed));
  }

  /**
   * Returns the calls in the journal: those since the start or the last reset, as far as they are
   * still stored.
   *
   * @throws IllegalStateException if the journal is off
   */
  public Calls calls() {
    return Calls.of(realm.journal());
  }

  /**
   * Returns the calls of one operation in the journal.
   *
   * @throws IllegalStateException if the journal is off
   */
  public Calls calls(VendorOperation operation) {
    return calls().of(operation);
  }

  /** Returns the fault injection of this realm. */
  public FaultInjection faults() {
    return new FaultInjection(realm);
  }

  /** Returns the clock of this realm, which decides when tokens and sessions expire. */
  public MovableClock clock() {
    return realm.clock();
  }

  /**
   * Restores the initial state: erases what was added since the start, clears journal and faults,
   * and resets the clock. A persistent store is erased and set up again.
   *
   * @throws StartupException if a persistent store would be left without an administrator
   */
  public void reset() {
    await(realm.reset());
  }

  /**
   * Closes this gateway with all its realms; requests in progress get 4 seconds to finish. Closes
   * only this realm, at once, if {@link #openRealm} returned it.
   */
  @Override
  public void close() {
    await(closing.get());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done within " + TIMEOUT_SECONDS + " s", e);
    }
  }
}
