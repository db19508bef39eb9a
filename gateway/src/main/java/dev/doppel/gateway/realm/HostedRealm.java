package dev.doppel.gateway.realm;

import dev.doppel.DoppelConfig;
import dev.doppel.MovableClock;
import dev.doppel.Vendors;
import dev.doppel.dialect.CallInfo;
import dev.doppel.dialect.CallInterceptor;
import dev.doppel.dialect.CompletedCall;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.DialectRouter;
import dev.doppel.dialect.InjectedFault;
import dev.doppel.gateway.fault.Faults;
import dev.doppel.gateway.journal.Journal;
import dev.doppel.gateway.metrics.Metrics;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A realm with all that goes with it and is nobody else's: its state, its clock, its journal, its
 * faults, and the dialects that speak for it.
 */
public final class HostedRealm implements CallInterceptor {

  private static final System.Logger LOG = System.getLogger(HostedRealm.class.getName());

  private final Vertx vertx;
  private final DoppelConfig config;
  private final Realm realm;
  private final MovableClock clock;
  private final GatewayState state;
  private final Journal journal;
  private final Faults faults = new Faults();
  private final Metrics metrics;
  private final BackupFiles backupFiles;
  private final List<Dialect> dialects;

  /**
   * @param node for the ids of this realm
   * @param hasher stays its opener's to close; the storage becomes this realm's
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
    this.metrics = metrics;
    backupFiles = new BackupFiles(config.store());
    clock = new MovableClock(Clock.systemUTC());
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
    journal = new Journal(clock, config.journalLimits());
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

  public MovableClock clock() {
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

  public DialectRouter router(Dialect dialect) {
    return new DialectRouter(
        vertx, dialect, DialectRouter.Limits.DEFAULT, clock, this, config.proxies());
  }

  /**
   * Goes back to how it was when it was ready: state, clock, journal and faults. Fails as {@link
   * GatewayState#reset} does.
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

  /** Lets go of tokens that have expired. */
  public void purge() {
    realm
        .tokens()
        .deleteExpired(clock.machine())
        .onFailure(
            thrown ->
                LOG.log(
                    System.Logger.Level.WARNING,
                    "expired tokens stay for now: {0}",
                    Failure.from(thrown).reason()));
  }

  public Future<Void> close() {
    return realm.storage().close();
  }

  // ---- around every call

  @Override
  public boolean hasFaults() {
    return faults.any();
  }

  @Override
  public Future<Optional<InjectedFault>> fault(CallInfo call) {
    return faults.next(call);
  }

  @Override
  public void onResponse(CallInfo call, int status, Duration took) {
    metrics.answered(call, status, took);
  }

  @Override
  public boolean recordsCalls() {
    return journal.on();
  }

  @Override
  public void onCompleted(CompletedCall served) {
    try {
      journal.note(served);
    } catch (RuntimeException defect) { // which must not cost the client its answer
      LOG.log(System.Logger.Level.ERROR, "a call that can't be noted in the journal", defect);
    }
  }
}
