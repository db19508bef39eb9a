package dev.doppel.gateway;

import dev.doppel.dialect.Dialect;
import dev.doppel.gateway.GatewayConfig.Store;
import dev.doppel.gateway.GatewayConfig.Vendor;
import dev.doppel.influx.InfluxDialect;
import dev.doppel.milvus.MilvusDialect;
import dev.doppel.store.MvStorage;
import dev.doppel.store.postgres.PgStorage;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
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
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * One running gateway: a store, a realm over it, the dialects, and the listeners. The one place
 * that builds everything, and that closes it again.
 */
public final class Gateway {

  /** How long a request under way may take when the gateway is closed. */
  public static final Duration GRACE = Duration.ofSeconds(4);

  private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
  private static final Duration PURGE_EVERY = Duration.ofMinutes(1);
  private static final int PASSWORDS_WAITING = 256;

  private final Vertx vertx;
  private final GatewayConfig config;
  private final Realm realm;
  private final PasswordHasher hasher;
  private final Listeners listeners;
  private final long purging;
  private final GatewayState state;

  private Gateway(
      Vertx vertx,
      GatewayConfig config,
      Realm realm,
      PasswordHasher hasher,
      Listeners listeners,
      GatewayState state) {
    this.vertx = vertx;
    this.config = config;
    this.realm = realm;
    this.hasher = hasher;
    this.listeners = listeners;
    this.state = state;
    purging = vertx.setPeriodic(PURGE_EVERY.toMillis(), fired -> purge());
  }

  /**
   * Opens the store, makes what it lacks, and listens. Fails with {@link Refused} if the
   * configuration contradicts itself, the store can't be opened or a port can't be had; nothing
   * stays open then.
   *
   * @param vertx stays the caller's to close, after the gateway
   */
  public static Future<Gateway> start(Vertx vertx, GatewayConfig config) {
    try {
      checkCredentials(config);
    } catch (Refused refused) {
      return Future.failedFuture(refused);
    }
    return storage(vertx, config)
        .compose(
            storage ->
                storage
                    .node()
                    .onFailure(failed -> storage.close())
                    .compose(node -> open(vertx, config, storage, node)))
        .recover(thrown -> Future.failedFuture(refusal(config, thrown)));
  }

  private static Future<Storage> storage(Vertx vertx, GatewayConfig config) {
    try {
      if (config.store() instanceof Store.InPostgres postgres) {
        return PgStorage.open(vertx, postgres.address(), postgres.connections());
      }
      return Future.succeededFuture(
          config.store() instanceof Store.InFile in
              ? MvStorage.inFile(vertx, in.file())
              : MvStorage.inMemory());
    } catch (Storage.Unopenable e) {
      return Future.failedFuture(e);
    }
  }

  private static Throwable refusal(GatewayConfig config, Throwable thrown) {
    var store = "--store " + config.store() + ": ";
    if (thrown instanceof Storage.Unopenable) {
      return new Refused(Refused.MACHINE, store + thrown.getMessage());
    }
    if (thrown instanceof Failure failure && failure.reason() != Reason.INTERNAL) {
      var why = failure.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      return new Refused(Refused.MACHINE, store + why + " while it was prepared");
    }
    return thrown;
  }

  private static Future<Gateway> open(
      Vertx vertx, GatewayConfig config, Storage storage, int node) {
    var hasher =
        new PasswordHasher(
            vertx,
            config.hashScheme(),
            Runtime.getRuntime().availableProcessors(),
            PASSWORDS_WAITING);
    var clock = new MovableClock(Clock.systemUTC());
    var realm =
        Realm.over(
            storage,
            hasher,
            new Ids(clock, node),
            new Secrets(),
            clock,
            new Realm.Settings(config.credentials().userName(), config.defaultOrganization()));
    var state = new GatewayState(realm, config, clock);
    var listeners =
        new Listeners(
            vertx, config, dialects(realm, config), realm, new ControlState(state, clock));
    return state
        .prepare()
        .compose(prepared -> listeners.open())
        .map(open -> new Gateway(vertx, config, realm, hasher, listeners, state))
        .recover(
            failed ->
                close(listeners, storage, hasher)
                    .transform(closed -> Future.<Gateway>failedFuture(failed)));
  }

  private static void checkCredentials(GatewayConfig config) {
    var credentials = config.credentials();
    if (!config.listen().loopback()
        && !config.store().lasts()
        && !credentials.given()
        && !credentials.blank()) {
      throw new Refused(
          Refused.CONFIGURATION,
          "--host %s: not loopback, where the ready-to-use credentials end; give --admin-password, or --blank"
              .formatted(config.listen().host()));
    }
  }

  private static List<Dialect> dialects(Realm realm, GatewayConfig config) {
    return new TreeSet<>(config.dialects())
        .stream().map(vendor -> dialect(vendor, realm, config)).toList();
  }

  private static Dialect dialect(Vendor vendor, Realm realm, GatewayConfig config) {
    var fidelity = config.fidelity(vendor);
    return switch (vendor) {
      case MILVUS -> new MilvusDialect(realm, fidelity, config.milvus());
      case INFLUX -> new InfluxDialect(realm, fidelity, config.influx());
      case VCLOUD -> new VcloudDialect(realm, fidelity);
      case WORKSPACE -> new WorkspaceDialect(realm, fidelity);
    };
  }

  private void purge() {
    realm
        .tokens()
        .purge()
        .onFailure(
            thrown ->
                LOG.log(
                    System.Logger.Level.WARNING,
                    "expired tokens stay for now: {0}",
                    Failure.from(thrown).reason()));
  }

  /** The port that all dialects share. */
  public int port() {
    return listeners.port();
  }

  /** Base URL of all dialects, without a slash at the end. */
  public String url() {
    return listeners.url();
  }

  public GatewayConfig config() {
    return config;
  }

  /**
   * Goes back to how the store was when the gateway was ready, and to the machine's time. A store
   * that lasts is emptied, and prepared as if it were new.
   */
  public Future<Void> reset() {
    return state.reset();
  }

  /**
   * Takes no more connections, answers what is under way for up to {@link #GRACE}, then closes the
   * store.
   */
  public Future<Void> close() {
    vertx.cancelTimer(purging);
    return close(listeners, realm.storage(), hasher);
  }

  private static Future<Void> close(Listeners listeners, Storage storage, PasswordHasher hasher) {
    return listeners
        .close(GRACE.toMillis(), TimeUnit.MILLISECONDS)
        .transform(closed -> storage.close())
        .onComplete(closed -> hasher.close());
  }
}
