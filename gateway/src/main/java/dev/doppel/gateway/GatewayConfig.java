package dev.doppel.gateway;

import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Proxies;
import dev.doppel.influx.InfluxDialect;
import dev.doppel.milvus.MilvusDialect;
import dev.doppel.store.postgres.PgAddress;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import dev.doppel.users.SignInLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Everything a gateway can be told. {@link #DEFAULT} is what it does without being told anything.
 *
 * @param hash how new passwords are hashed; empty leaves it to the store
 * @param limits of signing in; what it leaves open is left to the store
 * @param milvusAuthOffAnywhere whether Milvus's authorization may be off beyond loopback
 * @param influxBucket made in the default organisation where the store is empty
 * @param proxies in front of the gateway
 * @param seed put into a store that is empty
 * @param journal how many calls are kept to be looked at; empty leaves it to the store, 0 is none
 */
public record GatewayConfig(
    Listen listen,
    Store store,
    Set<Vendor> dialects,
    Map<Vendor, Fidelity> fidelity,
    Optional<HashScheme> hash,
    Credentials credentials,
    String defaultOrganization,
    Limits limits,
    Control control,
    Proxies proxies,
    MilvusDialect.Settings milvus,
    boolean milvusAuthOffAnywhere,
    InfluxDialect.Settings influx,
    Optional<Bucket> influxBucket,
    Optional<Seed> seed,
    OptionalInt journal) {

  public static final GatewayConfig DEFAULT =
      new GatewayConfig(
          new Listen("127.0.0.1", 8080, false, Optional.empty()),
          new Store.Memory(),
          EnumSet.allOf(Vendor.class),
          Map.of(),
          Optional.empty(),
          Credentials.NONE,
          "doppel",
          Limits.DEFAULT,
          Control.DEFAULT,
          Proxies.NONE,
          MilvusDialect.Settings.DEFAULT,
          false,
          InfluxDialect.Settings.DEFAULT,
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty());

  private static final int JOURNAL_IN_MEMORY = 1000;
  private static final long JOURNAL_BYTES = 16 << 20;

  /**
   * Where to listen.
   *
   * @param port 0 takes any free one
   * @param vendorPorts whether each dialect is also served alone on its vendor's own port
   */
  public record Listen(String host, int port, boolean vendorPorts, Optional<Tls> tls) {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

    public boolean loopback() {
      return loopback(host);
    }

    /** Addresses and the one name that can't mean another machine; other names are not asked. */
    static boolean loopback(String host) {
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

  /** Where users are kept; in text as {@code --store} has it, without secrets. */
  public sealed interface Store {

    /** Whether what is kept outlives the gateway. */
    default boolean lasts() {
      return true;
    }

    /** Gone with the gateway. */
    record Memory() implements Store {
      @Override
      public boolean lasts() {
        return false;
      }

      @Override
      public String toString() {
        return "memory:";
      }
    }

    /** One gateway's own. */
    record InFile(Path file) implements Store {
      @Override
      public String toString() {
        return "file:" + file;
      }
    }

    /**
     * Shared by any number of gateways.
     *
     * @param connections how many this gateway makes at most for changes, and as many again for
     *     lists; at least 2
     */
    record InPostgres(PgAddress address, int connections) implements Store {
      @Override
      public String toString() {
        return address.toString();
      }
    }
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
    static final String READY_USER = "root";

    static final String READY_PASSWORD = "Milvus";
    static final String READY_TOKEN = "doppel-operator-token";

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

  /**
   * A bucket of InfluxDB's.
   *
   * @param retention how long it keeps data; zero is for ever
   */
  public record Bucket(String name, Duration retention) {}

  /** The vendors whose dialect is spoken; a constant's name in lower case is the dialect's. */
  public enum Vendor {
    MILVUS(19530),
    INFLUX(8086),
    VCLOUD(8443),
    WORKSPACE(8090);

    private final int port;

    Vendor(int port) {
      this.port = port;
    }

    /** The port that this vendor's product listens on. */
    public int port() {
      return port;
    }

    public String dialect() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public GatewayConfig {
    dialects = Set.copyOf(dialects);
    fidelity = Map.copyOf(fidelity);
  }

  /** Whether the control plane refuses everybody who doesn't send a token. */
  boolean controlNeedsToken() {
    return control.token().isPresent()
        || store.lasts()
        || (control.port().isEmpty() && !listen.loopback());
  }

  public Fidelity fidelity(Vendor vendor) {
    return fidelity.getOrDefault(vendor, Fidelity.DOCUMENTED);
  }

  /** What was asked for, or what suits the store: strong where hashes last, cheap where not. */
  public HashScheme hashScheme() {
    return hash.orElse(store.lasts() ? HashScheme.ARGON2ID : HashScheme.FAST);
  }

  /** What was asked for, or what suits the store. */
  SignInLimits signInLimits() {
    return limits.over(store.lasts() ? SignInLimits.PERSISTENT : SignInLimits.FOR_TESTS);
  }

  /** What was asked for, or what suits the store: a test's journal, and no one's else. */
  Journal.Limits journalLimits() {
    return new Journal.Limits(journal.orElse(store.lasts() ? 0 : JOURNAL_IN_MEMORY), JOURNAL_BYTES);
  }

  /** Whether the ready-to-use credentials apply: they never leave the machine, nor a test run. */
  public boolean readyToUse() {
    return !credentials.given() && !credentials.blank() && !store.lasts() && listen.loopback();
  }

  /** The same configuration on another port, for tests that run side by side. */
  public GatewayConfig onPort(int port) {
    return but()
        .listen(new Listen(listen.host(), port, listen.vendorPorts(), listen.tls()))
        .build();
  }

  /** The same configuration with another store. */
  public GatewayConfig with(Store store) {
    return but().store(store).build();
  }

  /** The same configuration with these credentials. */
  public GatewayConfig with(Credentials credentials) {
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
    private Set<Vendor> dialects;
    private Map<Vendor, Fidelity> fidelity;
    private Optional<HashScheme> hash;
    private Credentials credentials;
    private String defaultOrganization;
    private Limits limits;
    private Control control;
    private Proxies proxies;
    private MilvusDialect.Settings milvus;
    private boolean milvusAuthOffAnywhere;
    private InfluxDialect.Settings influx;
    private Optional<Bucket> influxBucket;
    private Optional<Seed> seed;
    private OptionalInt journal;

    private Builder(GatewayConfig config) {
      listen = config.listen;
      store = config.store;
      dialects = config.dialects;
      fidelity = config.fidelity;
      hash = config.hash;
      credentials = config.credentials;
      defaultOrganization = config.defaultOrganization;
      limits = config.limits;
      control = config.control;
      proxies = config.proxies;
      milvus = config.milvus;
      milvusAuthOffAnywhere = config.milvusAuthOffAnywhere;
      influx = config.influx;
      influxBucket = config.influxBucket;
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

    public Builder dialects(Set<Vendor> dialects) {
      this.dialects = dialects;
      return this;
    }

    public Builder fidelity(Map<Vendor, Fidelity> fidelity) {
      this.fidelity = fidelity;
      return this;
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

    public Builder milvus(MilvusDialect.Settings milvus) {
      this.milvus = milvus;
      return this;
    }

    public Builder milvusAuthOffAnywhere(boolean milvusAuthOffAnywhere) {
      this.milvusAuthOffAnywhere = milvusAuthOffAnywhere;
      return this;
    }

    public Builder influx(InfluxDialect.Settings influx) {
      this.influx = influx;
      return this;
    }

    /** One that keeps data for ever. */
    public Builder influxBucket(String name) {
      return influxBucket(new Bucket(name, Duration.ZERO));
    }

    public Builder influxBucket(Bucket influxBucket) {
      this.influxBucket = Optional.of(influxBucket);
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

    public GatewayConfig build() {
      return new GatewayConfig(
          listen,
          store,
          dialects,
          fidelity,
          hash,
          credentials,
          defaultOrganization,
          limits,
          control,
          proxies,
          milvus,
          milvusAuthOffAnywhere,
          influx,
          influxBucket,
          seed,
          journal);
    }
  }
}
