package dev.doppel;

import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Proxies;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Vendor;
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
 * Everything a gateway can be told. {@link #DEFAULT} is what it does without being told anything.
 *
 * @param vendors whose dialects are served, in this order
 * @param hash how new passwords are hashed; empty leaves it to the store
 * @param limits of signing in; what it leaves open is left to the store
 * @param proxies in front of the gateway
 * @param seed put into a store that is empty
 * @param journal how many calls are kept to be looked at; empty leaves it to the store, 0 is none
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
    OptionalInt journal) {

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
          OptionalInt.empty());

  private static final int JOURNAL_IN_MEMORY = 1000;

  /**
   * Where to listen.
   *
   * @param port 0 takes any free one
   * @param vendorPorts whether each dialect is also served alone on its vendor's own port
   * @param ports ports on which dialects are served alone, by name; 0 takes any free one. It wins
   *     over the vendor's own port.
   */
  public record Listen(
      String host, int port, boolean vendorPorts, Map<String, Integer> ports, Optional<Tls> tls) {

    public Listen {
      ports = Map.copyOf(ports);
    }

    /** An address without ports of particular dialects. */
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

    public boolean loopback() {
      return loopback(host);
    }

    /** Addresses and the one name that can't mean another machine; other names are not asked. */
    public static boolean loopback(String host) {
      return host.equals("localhost")
          || host.equals("::1")
          || host.matches("127(\\." + OCTET + "){3}");
    }
  }

  /** Where the certificate comes from. */
  public sealed interface Tls {

    /** Certificate chain and private key, PEM; read again when they change. */
    record Files(Path certificate, Path key) implements Tls {}

    /** Made at the start, for loopback names; no client trusts it unless it is told to. */
    record SelfSigned() implements Tls {}
  }

  /**
   * Who may administer a store that is empty at start.
   *
   * @param blank whether nobody may, so that a client can set it up
   */
  public record Credentials(
      Optional<String> user,
      Optional<Password> password,
      Optional<String> operatorToken,
      boolean blank) {

    public static final Credentials NONE =
        new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), false);

    /** The ready-to-use ones, for memory on loopback. */
    public static final String READY_USER = "root";

    public static final String READY_PASSWORD = "Milvus";
    public static final String READY_TOKEN = "doppel-operator-token";

    /** Whether they were chosen by whoever starts the gateway. */
    public boolean given() {
      return password.isPresent();
    }

    public String userName() {
      return user.orElse(READY_USER);
    }

    @Override
    public String toString() {
      return "Credentials[hidden]";
    }
  }

  /**
   * How much signing in is allowed. What is empty is left to the store: {@link
   * SignInLimits#PERSISTENT} or {@link SignInLimits#FOR_TESTS}.
   *
   * @param sessionsPerUser how many sessions a user has at most, over all dialects; the oldest end
   *     when there would be more
   * @param signInsPerMinute how many sign-ins a minute are taken from one client address
   * @param registrationsPerMinute how many accounts a minute clients without credentials register
   *     from one address
   * @param wrongPasswordsPerMinute how many wrong passwords a minute for one account are answered
   *     without a pause; ten times as many are taken from one address
   */
  public record Limits(
      OptionalInt sessionsPerUser,
      OptionalInt signInsPerMinute,
      OptionalInt registrationsPerMinute,
      OptionalInt wrongPasswordsPerMinute) {

    public static final Limits DEFAULT =
        new Limits(
            OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /**
     * @throws IllegalArgumentException if one of them is less than 1
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

    private SignInLimits over(SignInLimits standard) {
      return (wrongPasswordsPerMinute.isPresent()
              ? standard.withWrongPerAccount(wrongPasswordsPerMinute.getAsInt())
              : standard)
          .withSessions(sessionsPerUser.orElse(standard.sessions()))
          .withAttemptsPerAddress(signInsPerMinute.orElse(standard.attemptsPerAddress()))
          .withRegistrationsPerAddress(
              registrationsPerMinute.orElse(standard.registrationsPerAddress()));
    }
  }

  /**
   * How the control plane is reached.
   *
   * @param token what it asks for; without one it answers in the memory store on loopback only
   * @param port of its own listener, which is on loopback; 0 takes any free port. If it is empty,
   *     the dialects' ports serve the control plane.
   */
  public record Control(Optional<String> token, OptionalInt port) {

    public static final Control DEFAULT = new Control(Optional.empty(), OptionalInt.empty());

    @Override
    public String toString() {
      return "Control[" + (token.isPresent() ? "token=hidden, " : "") + "port=" + port + "]";
    }
  }

  public DoppelConfig {
    vendors = List.copyOf(vendors);
  }

  /** Returns how a vendor is served; empty if it isn't. */
  @SuppressWarnings("unchecked") // a vendor is stored with settings of its own type
  public <S> Optional<ServedVendor<S>> vendor(Vendor<S> vendor) {
    return vendors.stream()
        .filter(served -> served.name().equals(vendor.name()))
        .map(served -> (ServedVendor<S>) served)
        .findFirst();
  }

  /** Returns the dialect that makes scoped tokens: the first that is served, or as by default. */
  public ServedVendor<?> scopedTokens() {
    return Stream.concat(vendors.stream(), Vendors.all().stream().map(ServedVendor::byDefault))
        .filter(served -> served.vendor().scopedTokens().isPresent())
        .<ServedVendor<?>>map(served -> served)
        .findFirst()
        .orElseThrow();
  }

  /** Whether the control plane refuses everybody who doesn't send a token. */
  public boolean controlNeedsToken() {
    return control.token().isPresent()
        || store.isPersistent()
        || (control.port().isEmpty() && !listen.loopback());
  }

  /** What was asked for, or what suits the store: strong where hashes last, cheap where not. */
  public HashScheme hashScheme() {
    return hash.orElse(store.isPersistent() ? HashScheme.ARGON2ID : HashScheme.FAST);
  }

  /** What was asked for, or what suits the store. */
  public SignInLimits signInLimits() {
    return limits.over(store.isPersistent() ? SignInLimits.PERSISTENT : SignInLimits.FOR_TESTS);
  }

  /**
   * Returns how many calls are recorded: the configured number, or 1000 in memory and else none.
   */
  public int journalCalls() {
    return journal.orElse(store.isPersistent() ? 0 : JOURNAL_IN_MEMORY);
  }

  /** Whether the ready-to-use credentials apply: they never leave the machine, nor a test run. */
  public boolean readyToUse() {
    return !credentials.given()
        && !credentials.blank()
        && !store.isPersistent()
        && listen.loopback();
  }

  /** The same configuration on another port, for tests that run side by side. */
  public DoppelConfig onPort(int port) {
    return but()
        .listen(new Listen(listen.host(), port, listen.vendorPorts(), listen.ports(), listen.tls()))
        .build();
  }

  /** The same configuration with another store. */
  public DoppelConfig with(Store store) {
    return but().store(store).build();
  }

  /** The same configuration with these credentials. */
  public DoppelConfig with(Credentials credentials) {
    return but().credentials(credentials).build();
  }

  /** A builder that starts from this configuration. */
  public Builder but() {
    return new Builder(this);
  }

  /** A configuration in the making. */
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
    }

    public Builder listen(Listen listen) {
      this.listen = listen;
      return this;
    }

    public Builder store(Store store) {
      this.store = store;
      return this;
    }

    /** Serves these vendors and no others, in this order. */
    public Builder vendors(List<? extends ServedVendor<?>> vendors) {
      this.vendors = List.copyOf(vendors);
      return this;
    }

    /** Serves of the present vendors only these, in their present order. */
    public Builder only(Vendor<?>... some) {
      var names = Arrays.stream(some).map(Vendor::name).toList();
      return vendors(vendors.stream().filter(one -> names.contains(one.name())).toList());
    }

    /** Serves a vendor, with its default settings if it isn't served yet. */
    public <S> Builder vendor(Vendor<S> vendor) {
      return vendors.stream().anyMatch(one -> one.name().equals(vendor.name()))
          ? this
          : serve(ServedVendor.byDefault(vendor));
    }

    /** Serves a vendor with these settings. */
    public <S> Builder vendor(Vendor<S> vendor, S settings) {
      return serve(new ServedVendor<>(vendor, fidelity(vendor), settings));
    }

    /** Serves all present vendors in this fidelity. */
    public Builder fidelity(Fidelity fidelity) {
      return vendors(vendors.stream().map(one -> one.with(fidelity)).toList());
    }

    /** Serves a vendor in this fidelity. */
    public <S> Builder fidelity(Vendor<S> vendor, Fidelity fidelity) {
      vendor(vendor);
      return vendors(
          vendors.stream()
              .map(one -> one.name().equals(vendor.name()) ? one.with(fidelity) : one)
              .toList());
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

    public Builder controlToken(String controlToken) {
      control = new Control(Optional.of(controlToken), control.port());
      return this;
    }

    public Builder controlPort(int controlPort) {
      control = new Control(control.token(), OptionalInt.of(controlPort));
      return this;
    }

    public Builder proxies(Proxies proxies) {
      this.proxies = proxies;
      return this;
    }

    public Builder seed(Seed seed) {
      this.seed = Optional.of(seed);
      return this;
    }

    public Builder journal(int journal) {
      this.journal = OptionalInt.of(journal);
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
          journal);
    }
  }
}
