package dev.doppel.gateway;

import dev.doppel.dialect.CallInfo;
import dev.doppel.dialect.CallInterceptor;
import dev.doppel.dialect.CompletedCall;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.DialectRouter;
import dev.doppel.dialect.InjectedFault;
import dev.doppel.gateway.GatewayConfig.Vendor;
import dev.doppel.influx.InfluxDialect;
import dev.doppel.milvus.MilvusDialect;
import dev.doppel.users.Failure;
import dev.doppel.users.Ids;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Realm;
import dev.doppel.users.Secrets;
import dev.doppel.users.Storage;
import dev.doppel.vcloud.VcloudDialect;
import dev.doppel.workspace.WorkspaceDialect;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A realm with all that goes with it and is nobody else's: its state, its clock, its journal, its
 * faults, and the dialects that speak for it.
 */
final class HostedRealm implements CallInterceptor {

  private static final System.Logger LOG = System.getLogger(HostedRealm.class.getName());

  private final Vertx vertx;
  private final GatewayConfig config;
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
  HostedRealm(
      Vertx vertx,
      GatewayConfig config,
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
                List.of(InfluxDialect.ID_FORM, VcloudDialect.ID_FORM, WorkspaceDialect.ID_FORM)));
    state = new GatewayState(vertx, realm, config, clock);
    journal = new Journal(clock, config.journalLimits());
    dialects =
        new TreeSet<>(config.dialects()).stream().map(vendor -> dialect(vendor, realm)).toList();
  }

  private Dialect dialect(Vendor vendor, Realm over) {
    var fidelity = config.fidelity(vendor);
    return switch (vendor) {
      case MILVUS -> new MilvusDialect(over, fidelity, config.milvus());
      case INFLUX -> new InfluxDialect(over, fidelity, config.influx());
      case VCLOUD -> new VcloudDialect(over, fidelity);
      case WORKSPACE -> new WorkspaceDialect(over, fidelity);
    };
  }

  GatewayConfig config() {
    return config;
  }

  Realm realm() {
    return realm;
  }

  MovableClock clock() {
    return clock;
  }

  GatewayState state() {
    return state;
  }

  Journal journal() {
    return journal;
  }

  Faults faults() {
    return faults;
  }

  BackupFiles backupFiles() {
    return backupFiles;
  }

  List<Dialect> dialects() {
    return dialects;
  }

  DialectRouter router(Dialect dialect) {
    return new DialectRouter(
        vertx, dialect, DialectRouter.Limits.DEFAULT, clock, this, config.proxies());
  }

  /**
   * Goes back to how it was when it was ready: state, clock, journal and faults. Fails as {@link
   * GatewayState#reset} does.
   */
  Future<Void> reset() {
    return state
        .reset()
        .onSuccess(
            done -> {
              faults.clear();
              journal.clear();
            });
  }

  /** Lets go of tokens that have expired. */
  void purge() {
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

  Future<Void> close() {
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
