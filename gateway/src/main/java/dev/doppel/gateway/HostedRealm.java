package dev.doppel.gateway;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Limits;
import dev.doppel.gateway.GatewayConfig.Vendor;
import dev.doppel.influx.InfluxDialect;
import dev.doppel.milvus.MilvusDialect;
import dev.doppel.serve.CallInterceptor;
import dev.doppel.serve.DialectRouter;
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
import java.util.List;
import java.util.TreeSet;

/**
 * A realm with everything that belongs to it alone: its state, its clock, its journal, its faults
 * and its dialects.
 */
final class HostedRealm {

  private static final System.Logger LOG = System.getLogger(HostedRealm.class.getName());

  private final Vertx vertx;
  private final GatewayConfig config;
  private final Realm realm;
  private final MovableClock clock;
  private final GatewayState state;
  private final Journal journal;
  private final Faults faults = new Faults();
  private final CallInterceptor interceptor;
  private final BackupFiles backupFiles;
  private final List<Dialect> dialects;

  /**
   * @param storage closed with this realm
   * @param hasher not closed with this realm
   * @param node for the IDs of this realm
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
    interceptor = CallInterceptor.of(List.of(faults, metrics, journal));
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
    return new DialectRouter(vertx, dialect, Limits.DEFAULT, clock, interceptor, config.proxies());
  }

  /**
   * Resets state, clock, journal and faults to those of the start. Fails as {@link
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

  /** Deletes expired tokens. */
  void purge() {
    realm
        .tokens()
        .purge(clock.machine())
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
}
