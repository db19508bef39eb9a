package dev.doppel;

import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Proxies;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.input.VendorLists;
import dev.doppel.store.MvStore;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import dev.doppel.users.SignInLimits;
import dev.doppel.users.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The configuration of a gateway. Immutable. Start from {@link #DEFAULT} and change it with {@link
 * #toBuilder}:
 *
 * <pre>{@code
 * var config = DoppelConfig.DEFAULT.toBuilder().port(0).journal(50).build();
 * }</pre>
 *
 * @param vendors the vendors whose dialects are served, in this order
 * @param hash hash scheme of new passwords; if empty, the store decides, see {@link #hashScheme}
 * @param defaultOrganization name of the organization of users that are created without one
 * @param limits limits on sign-ins; for each empty one the store decides, see {@link #signInLimits}
 * @param proxies trusted proxies in front of the gateway
 * @param seed loaded at start if the store is empty
 * @param journal maximum number of calls in the journal; 0 turns it off; if empty, the store
 *     decides: 1000 for a store in memory, 0 for a persistent one
 * @param markDeviations whether a response names each difference in which it deviates from the
 *     product's, in a header {@code Doppel-Deviates}
 * @param stores whether all dialects share the store or each has its own
 */
public record DoppelConfig(
    Listen listen,
    Store store,
    List<ServedVendor<?>> vendors,
    Optional<HashScheme> hash,
    Credentials credentials,
    String defaultOrganization,
    Limits limits,
    Control control,
    Proxies proxies,
    Optional<Seed> seed,
    OptionalInt journal,
    boolean markDeviations,
    Stores stores) {

  /** All vendors on port 8080 of 127.0.0.1 over a store in memory. */
  public static final DoppelConfig DEFAULT =
      new DoppelConfig(
          new Listen("127.0.0.1", 8080, false, Optional.empty()),
          MvStore.memory(),
          Vendors.all().stream().<ServedVendor<?>>map(ServedVendor::byDefault).toList(),
          Optional.empty(),
          Credentials.NONE,
          "doppel",
          Limits.DEFAULT,
          Control.DEFAULT,
          Proxies.NONE,
          Optional.empty(),
          OptionalInt.empty(),
          false,
          Stores.SHARED);

  private static final int DEFAULT_JOURNAL_IN_MEMORY = 1000;

  /**
   * The address and the ports of a gateway.
   *
   * @param host IP address or host name to bind
   * @param port port for all dialects; 0 picks a free one
   * @param vendorPorts whether each dialect is also served alone on its vendor's usual port
   * @param ports ports on which one dialect is served alone, by the dialect's name; 0 picks a free
   *     one. Takes precedence over the vendor's usual port.
   * @param tls certificate for HTTPS; if empty, plain HTTP
   */
  public record Listen(
      String host, int port, boolean vendorPorts, Map<String, Integer> ports, Optional<Tls> tls) {

    public Listen {
      ports = Map.copyOf(ports);
    }

    /** Creates an address without ports for single dialects. */
    public Listen(String host, int port, boolean vendorPorts, Optional<Tls> tls) {
      this(host, port, vendorPorts, Map.of(), tls);
    }

    /** Returns the port on which a vendor's dialect is served alone; empty if it isn't. */
    public OptionalInt port(Vendor<?> vendor) {
      var own = ports.get(vendor.name());
      if (own != null) {
        return OptionalInt.of(own);
      }
      return vendorPorts ? OptionalInt.of(vendor.port()) : OptionalInt.empty();
    }

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

    /** Returns whether the host is a loopback address, as {@link #loopback(String)} decides. */
    public boolean loopback() {
      return loopback(host);
    }

    /**
     * Returns whether a host is {@code localhost}, {@code ::1} or an address in {@code
     * 127.0.0.0/8}. Other names are not resolved and count as not loopback.
     */
    public static boolean loopback(String host) {
      return host.equals("localhost")
          || host.equals("::1")
          || host.matches("127(\\." + OCTET + "){3}");
    }
  }

  /** How many stores the dialects have together. */
  public enum Stores {
    /** One for all: a user who is created through one dialect is there in every other. */
    SHARED,
    /**
     * One for each dialect, as for separate products: with its own users, tokens, roles and
     * organizations, its own administrator, and its part of the seed. Needs a {@link Store} in
     * memory or in a file.
     */
    SEPARATE
  }

  /** The source of the certificate. */
  public sealed interface Tls {

    /** PEM files with a certificate chain and its private key; reloaded when they change. */
    record Files(Path certificate, Path key) implements Tls {}

    /**
     * A certificate for loopback names, created at start. Clients must be configured to trust it.
     */
    record SelfSigned() implements Tls {}
  }

  /**
   * The administrator that is created if the store is empty at start.
   *
   * @param user name of the administrator; {@value #READY_USER} if empty
   * @param password its password; if empty, the ready-to-use one, which is allowed only for a store
   *     in memory on loopback
   * @param operatorToken a token of the administrator for every dialect; if empty, none, or the
   *     ready-to-use one beside the ready-to-use password
   * @param blank whether no administrator is created, so that a client can run the vendor's setup
   */
  public record Credentials(
      Optional<String> user,
      Optional<Password> password,
      Optional<String> operatorToken,
      boolean blank) {

    /** No credentials: the ready-to-use ones apply where they are allowed. */
    public static final Credentials NONE =
        new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), false);

    /** Name of the administrator if none is given. */
    public static final String READY_USER = "root";

    /** Password of the ready-to-use administrator of a store in memory on loopback. */
    public static final String READY_PASSWORD = "Milvus";

    /** Operator token of the ready-to-use administrator. */
    public static final String READY_TOKEN = "doppel-operator-token";

    /** Returns whether a password is given. */
    public boolean given() {
      return password.isPresent();
    }

    /** Returns the name of the administrator. */
    public String userName() {
      return user.orElse(READY_USER);
    }

    @Override
    public String toString() {
      return "Credentials[hidden]";
    }
  }

  /**
   * Limits on sign-ins, each at least 1. An empty limit is {@link SignInLimits#PERSISTENT}'s for a
   * persistent store, {@link SignInLimits#FOR_TESTS}' for a store in memory.
   *
   * @param sessionsPerUser maximum number of sessions of a user over all dialects; a new session
   *     beyond it ends the oldest
   * @param signInsPerMinute maximum number of sign-ins per minute from one client address
   * @param registrationsPerMinute maximum number of accounts per minute that clients without
   *     credentials register from one address
   * @param wrongPasswordsPerMinute number of wrong passwords per minute for one account that are
   *     answered without a delay; ten times as many are answered for one address
   */
  public record Limits(
      OptionalInt sessionsPerUser,
      OptionalInt signInsPerMinute,
      OptionalInt registrationsPerMinute,
      OptionalInt wrongPasswordsPerMinute) {

    /** Leaves every limit to the store. */
    public static final Limits DEFAULT =
        new Limits(
            OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /**
     * @throws IllegalArgumentException if a limit is less than 1
     */
    public Limits {
      if (sessionsPerUser.orElse(1) < 1
          || signInsPerMinute.orElse(1) < 1
          || registrationsPerMinute.orElse(1) < 1
          || wrongPasswordsPerMinute.orElse(1) < 1) {
        throw new IllegalArgumentException("every limit is at least 1");
      }
    }

    public Limits withSessionsPerUser(int sessions) {
      return new Limits(
          OptionalInt.of(sessions),
          signInsPerMinute,
          registrationsPerMinute,
          wrongPasswordsPerMinute);
    }

    public Limits withSignInsPerMinute(int signIns) {
      return new Limits(
          sessionsPerUser,
          OptionalInt.of(signIns),
          registrationsPerMinute,
          wrongPasswordsPerMinute);
    }

    public Limits withRegistrationsPerMinute(int registrations) {
      return new Limits(
          sessionsPerUser,
          signInsPerMinute,
          OptionalInt.of(registrations),
          wrongPasswordsPerMinute);
    }

    public Limits withWrongPasswordsPerMinute(int wrongPasswords) {
      return new Limits(
          sessionsPerUser,
          signInsPerMinute,
          registrationsPerMinute,
          OptionalInt.of(wrongPasswords));
    }

    private SignInLimits applyTo(SignInLimits defaults) {
      return (wrongPasswordsPerMinute.isPresent()
              ? defaults.withWrongPerAccount(wrongPasswordsPerMinute.getAsInt())
              : defaults)
          .withSessions(sessionsPerUser.orElse(defaults.sessions()))
          .withAttemptsPerAddress(signInsPerMinute.orElse(defaults.attemptsPerAddress()))
          .withRegistrationsPerAddress(
              registrationsPerMinute.orElse(defaults.registrationsPerAddress()));
    }
  }

  /**
   * Access to the control plane.
   *
   * @param token bearer token that requests must send; if empty, the control plane is open for a
   *     store in memory on loopback, and closed otherwise
   * @param port a port of its own on loopback; 0 picks a free one. If empty, the dialects' ports
   *     serve the control plane.
   */
  public record Control(Optional<String> token, OptionalInt port) {

    /** Without a token, on the dialects' ports. */
    public static final Control DEFAULT = new Control(Optional.empty(), OptionalInt.empty());

    @Override
    public String toString() {
      return "Control[" + (token.isPresent() ? "token=hidden, " : "") + "port=" + port + "]";
    }
  }

  public DoppelConfig {
    vendors = List.copyOf(vendors);
  }

  /** Returns the version, fidelity and settings in which a vendor is served; empty if it isn't. */
  @SuppressWarnings("unchecked") // a vendor is stored with settings of its own type
  public <S> Optional<ServedVendor<S>> vendor(Vendor<S> vendor) {
    return vendors.stream()
        .filter(served -> served.name().equals(vendor.name()))
        .map(served -> (ServedVendor<S>) served)
        .findFirst();
  }

  /**
   * Returns the vendor that creates tokens with permissions of their own: the first served one that
   * can, otherwise the first of all vendors, with its default settings.
   */
  public ServedVendor<?> scopedTokens() {
    return Stream.concat(vendors.stream(), Vendors.all().stream().map(ServedVendor::byDefault))
        .filter(served -> served.vendor().scopedTokens().isPresent())
        .<ServedVendor<?>>map(served -> served)
        .findFirst()
        .orElseThrow();
  }

  /** Returns whether the control plane refuses every request without its token. */
  public boolean controlNeedsToken() {
    return control.token().isPresent()
        || store.isPersistent()
        || (control.port().isEmpty() && !listen.loopback());
  }

  /**
   * Returns the configured hash scheme, or the store's: Argon2id if it is persistent, else a fast
   * one.
   */
  public HashScheme hashScheme() {
    return hash.orElse(store.isPersistent() ? HashScheme.ARGON2ID : HashScheme.FAST);
  }

  /** Returns the configured limits, completed with those of the store. */
  public SignInLimits signInLimits() {
    return limits.applyTo(store.isPersistent() ? SignInLimits.PERSISTENT : SignInLimits.FOR_TESTS);
  }

  /**
   * Returns how many calls are recorded: the configured number, or 1000 in memory and else none.
   */
  public int journalCalls() {
    return journal.orElse(store.isPersistent() ? 0 : DEFAULT_JOURNAL_IN_MEMORY);
  }

  /**
   * Returns whether the ready-to-use credentials apply: none are given, and the store is in memory
   * on loopback.
   */
  public boolean readyToUse() {
    return !credentials.given()
        && !credentials.blank()
        && !store.isPersistent()
        && listen.loopback();
  }

  /** Returns a builder that starts from this configuration. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** A builder of configurations. Not thread-safe. */
  public static final class Builder {

    private Listen listen;
    private Store store;
    private List<ServedVendor<?>> vendors;
    private Optional<HashScheme> hash;
    private Credentials credentials;
    private String defaultOrganization;
    private Limits limits;
    private Control control;
    private Proxies proxies;
    private Optional<Seed> seed;
    private OptionalInt journal;
    private boolean markDeviations;
    private Stores stores;

    private Builder(DoppelConfig config) {
      listen = config.listen;
      store = config.store;
      vendors = config.vendors;
      hash = config.hash;
      credentials = config.credentials;
      defaultOrganization = config.defaultOrganization;
      limits = config.limits;
      control = config.control;
      proxies = config.proxies;
      seed = config.seed;
      journal = config.journal;
      markDeviations = config.markDeviations;
      stores = config.stores;
    }

    /** Sets the address and all ports. */
    public Builder listen(Listen listen) {
      this.listen = listen;
      return this;
    }

    /** Sets the port for all dialects and keeps the rest of the address; 0 picks a free port. */
    public Builder port(int port) {
      return listen(
          new Listen(listen.host(), port, listen.vendorPorts(), listen.ports(), listen.tls()));
    }

    public Builder store(Store store) {
      this.store = store;
      return this;
    }

    /** Sets the served vendors, in this order. */
    public Builder vendors(List<? extends ServedVendor<?>> vendors) {
      this.vendors = List.copyOf(vendors);
      return this;
    }

    /** Keeps only these of the served vendors, in their present order. */
    public Builder only(Vendor<?>... some) {
      var names = Arrays.stream(some).map(Vendor::name).toList();
      return vendors(vendors.stream().filter(one -> names.contains(one.name())).toList());
    }

    /** Adds a vendor with its default settings unless it is served already. */
    public <S> Builder vendor(Vendor<S> vendor) {
      return vendors.stream().anyMatch(one -> one.name().equals(vendor.name()))
          ? this
          : serve(ServedVendor.byDefault(vendor));
    }

    /** Serves a vendor with these settings, in the fidelity in which it is served already. */
    public <S> Builder vendor(Vendor<S> vendor, S settings) {
      return serve(new ServedVendor<>(vendor, fidelity(vendor), settings));
    }

    /** Serves every vendor added so far in this fidelity. */
    public Builder fidelity(Fidelity fidelity) {
      return vendors(vendors.stream().map(one -> one.with(fidelity)).toList());
    }

    /** Serves a vendor in this fidelity, and adds it if it isn't served yet. */
    public <S> Builder fidelity(Vendor<S> vendor, Fidelity fidelity) {
      vendor(vendor);
      return vendors(
          vendors.stream()
              .map(one -> one.name().equals(vendor.name()) ? one.with(fidelity) : one)
              .toList());
    }

    /**
     * Sets the fidelity of served vendors, as {@code --fidelity} does: {@code observed} for all, or
     * {@code influx=observed}.
     *
     * @throws StartupException if the list isn't allowed; the message says what is
     */
    public Builder fidelity(String list) {
      var fidelities = lists("--fidelity").fidelities(list);
      return vendors(
          vendors.stream()
              .map(one -> one.with(fidelities.getOrDefault(one.name(), one.fidelity())))
              .toList());
    }

    /**
     * Sets the versions of served vendors' products, as {@code --emulate} does, such as {@code
     * influx=2.7,milvus=2.5}.
     *
     * @throws StartupException if the list isn't allowed; the message says what is
     */
    public Builder emulate(String list) {
      var versions = lists("--emulate").versions(list);
      return vendors(
          vendors.stream()
              .map(
                  one ->
                      Optional.ofNullable(versions.get(one.name()))
                          .<ServedVendor<?>>map(one::withVersion)
                          .orElse(one))
              .toList());
    }

    private static VendorLists lists(String flag) {
      return new VendorLists(
          Vendors.all(), (entry, allowed) -> StartupException.invalidFlag(flag, entry, allowed));
    }

    private Fidelity fidelity(Vendor<?> vendor) {
      return vendors.stream()
          .filter(one -> one.name().equals(vendor.name()))
          .map(ServedVendor::fidelity)
          .findFirst()
          .orElse(Fidelity.DOCUMENTED);
    }

    private Builder serve(ServedVendor<?> served) {
      var all = new ArrayList<ServedVendor<?>>(vendors);
      all.replaceAll(one -> one.name().equals(served.name()) ? served : one);
      if (!all.contains(served)) {
        all.add(served);
      }
      return vendors(all);
    }

    public Builder hash(HashScheme hash) {
      this.hash = Optional.of(hash);
      return this;
    }

    public Builder credentials(Credentials credentials) {
      this.credentials = credentials;
      return this;
    }

    public Builder defaultOrganization(String defaultOrganization) {
      this.defaultOrganization = defaultOrganization;
      return this;
    }

    public Builder limits(Limits limits) {
      this.limits = limits;
      return this;
    }

    /** Sets the bearer token that the control plane requires. */
    public Builder controlToken(String controlToken) {
      control = new Control(Optional.of(controlToken), control.port());
      return this;
    }

    /** Gives the control plane a port of its own on loopback; 0 picks a free one. */
    public Builder controlPort(int controlPort) {
      control = new Control(control.token(), OptionalInt.of(controlPort));
      return this;
    }

    public Builder proxies(Proxies proxies) {
      this.proxies = proxies;
      return this;
    }

    /** Sets the seed that is loaded into an empty store at start. */
    public Builder seed(Seed seed) {
      this.seed = Optional.of(seed);
      return this;
    }

    /** Sets the maximum number of calls in the journal; 0 turns it off. */
    public Builder journal(int calls) {
      journal = OptionalInt.of(calls);
      return this;
    }

    /** Sets whether responses have a header for each difference in which they deviate. */
    public Builder markDeviations(boolean markDeviations) {
      this.markDeviations = markDeviations;
      return this;
    }

    /** Sets whether all dialects share the store or each has its own. */
    public Builder stores(Stores stores) {
      this.stores = stores;
      return this;
    }

    public DoppelConfig build() {
      return new DoppelConfig(
          listen,
          store,
          vendors,
          hash,
          credentials,
          defaultOrganization,
          limits,
          control,
          proxies,
          seed,
          journal,
          markDeviations,
          stores);
    }
  }
}
