package dev.doppel;

import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.dialect.Vendor;
import dev.doppel.dialect.VendorOperation;
import java.net.URI;
import java.util.Optional;

/**
 * A gateway, or a realm of one, for tests and tools: in this process with {@link #start}, or in
 * another process or container with {@link #connect}. Methods block until their work is done, and
 * throw {@link IllegalStateException} after 20 seconds. Thread-safe.
 *
 * <pre>{@code
 * try (var doppel = Doppel.start()) {
 *   doppel.seed().user("ann").password("P@ssw0rd1").put();
 *   // … the application calls doppel.uri()
 *   doppel.calls(InfluxOperation.POST_USERS).withUser("ann").never();
 * }
 * }</pre>
 */
public final class Doppel implements AutoCloseable {

  /**
   * Credentials of the initial administrator.
   *
   * @param token a token that every dialect accepts; empty if none is configured
   */
  public record Administrator(String user, String password, Optional<String> token) {

    static Administrator readyToUse(String user) {
      return new Administrator(
          user, Credentials.READY_PASSWORD, Optional.of(Credentials.READY_TOKEN));
    }

    @Override
    public String toString() {
      return "Administrator[" + user + "]";
    }
  }

  private final RealmAccess realm;

  private Doppel(RealmAccess realm) {
    this.realm = realm;
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
    return new Doppel(LocalRealm.start(config));
  }

  /**
   * Connects to a running Doppel whose control plane needs no token.
   *
   * <pre>{@code
   * try (var doppel = Doppel.connect(URI.create("http://127.0.0.1:8080"));
   *     var realm = doppel.openRealm()) {
   *   realm.seed().user("ann").put();
   * }
   * }</pre>
   *
   * @throws IllegalArgumentException as {@link #connect(URI, ConnectOptions)}
   * @throws IllegalStateException as {@link #connect(URI, ConnectOptions)}
   */
  public static Doppel connect(URI uri) {
    return connect(uri, ConnectOptions.DEFAULT);
  }

  /**
   * Connects to a running Doppel. Everything works as in this process, except that each call is a
   * request, also each reading of {@link #clock}, and that {@link #close} leaves Doppel running.
   *
   * @param uri base URL of all dialects, or of one realm; or, if the control plane has a port of
   *     its own, the URL of the control plane, {@code http://127.0.0.1:9900/_doppel} or the like
   * @throws IllegalArgumentException if it isn't an HTTP URL
   * @throws IllegalStateException if no Doppel responds there, or its control plane refuses access;
   *     the message says which
   */
  public static Doppel connect(URI uri, ConnectOptions options) {
    return new Doppel(RemoteRealm.connect(uri, options));
  }

  /** Returns the version of this library; empty if it isn't packaged. */
  public static Optional<String> version() {
    return Optional.ofNullable(Doppel.class.getPackage().getImplementationVersion());
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
    return new Doppel(realm.openRealm(options));
  }

  /** Returns the base URL of every dialect, without a slash at the end. */
  public URI uri() {
    return realm.uri();
  }

  /**
   * Returns the base URL of a vendor's dialect, without a slash at the end: that of its own port if
   * it has one, else {@link #uri}. A realm of its own has one port for all dialects.
   */
  public URI uri(Vendor<?> vendor) {
    return realm.uri(vendor);
  }

  /**
   * Returns the URL of the control plane, {@code http://127.0.0.1:8080/_doppel} or the like,
   * without a slash at the end.
   */
  public URI controlUri() {
    return realm.controlUri();
  }

  /**
   * Returns the credentials of the initial administrator. A connection returns those of its {@link
   * ConnectOptions}, or the ready-to-use ones.
   *
   * @throws IllegalStateException if the gateway was started without an administrator, or with
   *     credentials that the connection doesn't know
   */
  public Administrator administrator() {
    return realm.administrator();
  }

  /** Returns a builder of a seed for this realm; {@link SeedBuilder#put} loads it. */
  public SeedBuilder seed() {
    return new SeedBuilder(this::seed);
  }

  /**
   * Loads a seed: all of it or nothing.
   *
   * @throws SeedConflictException that names the rows whose names, IDs or tokens are taken
   */
  public void seed(Seed seed) {
    realm.seed(seed);
  }

  /**
   * Returns the calls in the journal: those since the start or the last reset, as far as they are
   * still stored.
   *
   * @throws IllegalStateException if the journal is off
   */
  public Calls calls() {
    return Calls.of(realm);
  }

  /**
   * Returns the calls of one operation in the journal.
   *
   * @throws IllegalStateException if the journal is off
   */
  public Calls calls(VendorOperation operation) {
    return calls().of(operation);
  }

  /**
   * Returns the mails that the vendors' products would have sent: those since the start or the last
   * reset, as far as they are still there.
   */
  public Mails mails() {
    return Mails.of(realm);
  }

  /**
   * Returns the code with which a user completes a sign-in now, by the realm's clock.
   *
   * @throws IllegalArgumentException if there is no such user, or one without two-factor
   *     authentication
   */
  public String twoFactorCode(String userName) {
    return realm.twoFactorCode(userName);
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
   * Restores the initial state: erases what was added since the start, clears journal, faults and
   * mails, and resets the clock. A persistent store is erased and set up again.
   *
   * @throws StartupException if a persistent store would be left without an administrator
   */
  public void reset() {
    realm.reset();
  }

  /**
   * Closes this gateway with all its realms; requests in progress get 4 seconds to finish. Closes
   * only this realm, at once, if {@link #openRealm} returned it. A connection closes the realms
   * that it has opened, and leaves Doppel running.
   */
  @Override
  public void close() {
    realm.close();
  }
}
