package dev.doppel.gateway.realm;

import dev.doppel.DoppelConfig;
import dev.doppel.Vendors;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Limits;
import dev.doppel.gateway.fault.Faults;
import dev.doppel.gateway.journal.Journal;
import dev.doppel.gateway.metrics.Metrics;
import dev.doppel.serve.CallInterceptor;
import dev.doppel.serve.DialectRouter;
import dev.doppel.users.Failure;
import dev.doppel.users.IdForm;
import dev.doppel.users.Ids;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Realm;
import dev.doppel.users.Secrets;
import dev.doppel.users.Storage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** A realm with its own state, clock, journal, faults and dialects. */
public final class HostedRealm {

  private static final System.Logger LOG = System.getLogger(HostedRealm.class.getName());
  private static final long JOURNAL_BYTES = 16 << 20;

  private final Vertx vertx;
  private final DoppelConfig config;
  private final Realm realm;
  private final RealmClock clock;
  private final GatewayState state;
  private final Journal journal;
  private final Faults faults = new Faults();
  private final CallInterceptor interceptor;
  private final BackupFiles backupFiles;
  private final List<Dialect> dialects;

  /**
   * @param storage closed with this realm
   * @param hasher not closed with this realm
   * @param metrics count this realm's calls
   * @param node node number within generated IDs
   */
  public HostedRealm(
      Vertx vertx,
      DoppelConfig config,
      Storage storage,
      PasswordHasher hasher,
      Metrics metrics,
      int node) {
    this.vertx = vertx;
    this.config = config;
    backupFiles = new BackupFiles(config.store());
    clock = new RealmClock(Clock.systemUTC());
    realm =
        Realm.over(
            vertx,
            storage,
            hasher,
            new Ids(clock, node),
            new Secrets(),
            clock,
            new Realm.Settings(
                config.credentials().userName(),
                config.defaultOrganization(),
                config.signInLimits(),
                idForms(config)));
    state = new GatewayState(vertx, realm, config, clock);
    journal = new Journal(clock, new Journal.Limits(config.journalCalls(), JOURNAL_BYTES));
    interceptor = CallInterceptor.of(List.of(faults, metrics, journal));
    dialects = config.vendors().stream().map(vendor -> vendor.dialect(realm)).toList();
  }

  private static List<IdForm> idForms(DoppelConfig config) {
    return Stream.concat(
            Vendors.idForms().stream(),
            config.vendors().stream().flatMap(served -> served.vendor().idForm().stream()))
        .distinct()
        .toList();
  }

  public DoppelConfig config() {
    return config;
  }

  public Realm realm() {
    return realm;
  }

  public RealmClock clock() {
    return clock;
  }

  public GatewayState state() {
    return state;
  }

  public Journal journal() {
    return journal;
  }

  public Faults faults() {
    return faults;
  }

  public BackupFiles backupFiles() {
    return backupFiles;
  }

  public List<Dialect> dialects() {
    return dialects;
  }

  /** Creates a router for a dialect of this realm. */
  public DialectRouter router(Dialect dialect) {
    return new DialectRouter(
        vertx,
        dialect,
        Limits.DEFAULT,
        clock,
        interceptor,
        config.proxies(),
        config.markDeviations());
  }

  /**
   * Restores the initial state and the machine's time, and clears journal and faults. Fails as
   * {@link GatewayState#reset} does.
   */
  public Future<Void> reset() {
    return state
        .reset()
        .onSuccess(
            done -> {
              faults.clear();
              journal.clear();
            });
  }

  /** Deletes expired tokens. */
  public void deleteExpiredTokens() {
    realm
        .tokens()
        .deleteExpired(clock.machine())
        .onFailure(
            thrown ->
                LOG.log(
                    System.Logger.Level.WARNING,
                    "expired tokens could not be deleted: {0}",
                    Failure.from(thrown).reason()));
  }

  /** Closes the store. */
  public Future<Void> close() {
    return realm.storage().close();
  }
}
