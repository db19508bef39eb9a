package dev.doppel.gateway.realm;

import dev.doppel.DoppelConfig;
import dev.doppel.MailEntry;
import dev.doppel.Vendors;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Limits;
import dev.doppel.dialect.OneTimeCode;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.fault.Faults;
import dev.doppel.gateway.journal.Journal;
import dev.doppel.gateway.mail.MailFilter;
import dev.doppel.gateway.metrics.Metrics;
import dev.doppel.serve.CallInterceptor;
import dev.doppel.serve.DialectRouter;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.IdForm;
import dev.doppel.users.Ids;
import dev.doppel.users.Outbox;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Realm;
import dev.doppel.users.Secrets;
import dev.doppel.users.User;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A realm with its own state, clock, journal, faults and dialects, over one store or over one for
 * each dialect.
 */
public final class HostedRealm {

  private static final System.Logger LOG = System.getLogger(HostedRealm.class.getName());
  private static final long JOURNAL_BYTES = 16 << 20;

  private final Vertx vertx;
  private final DoppelConfig config;
  private final List<HostedStore> stores;
  private final RealmClock clock;
  private final GatewayState state;
  private final Journal journal;
  private final Faults faults = new Faults();
  private final Outbox outbox;
  private final CallInterceptor interceptor;
  private final BackupFiles backupFiles;

  /**
   * A store of this realm.
   *
   * @param dialects the dialects over it
   */
  public record HostedStore(Realm realm, List<Dialect> dialects) {}

  /**
   * @param stores closed with this realm
   * @param hasher not closed with this realm
   * @param metrics count this realm's calls
   */
  public HostedRealm(
      Vertx vertx,
      DoppelConfig config,
      List<OpenStore> stores,
      PasswordHasher hasher,
      Metrics metrics) {
    this.vertx = vertx;
    this.config = config;
    backupFiles = new BackupFiles(config.store());
    clock = new RealmClock(Clock.systemUTC());
    outbox = new Outbox(clock);
    var hosted = new ArrayList<HostedStore>();
    var states = new ArrayList<StoreState>();
    for (var store : stores) {
      var realm = realm(store, hasher);
      hosted.add(
          new HostedStore(
              realm,
              store.config().vendors().stream().map(vendor -> vendor.dialect(realm)).toList()));
      states.add(new StoreState(vertx, realm, store.config(), clock));
    }
    this.stores = List.copyOf(hosted);
    state = new GatewayState(vertx, config, states);
    journal = new Journal(clock, new Journal.Limits(config.journalCalls(), JOURNAL_BYTES));
    interceptor = CallInterceptor.of(List.of(faults, metrics, journal));
  }

  /** Creates the realm over a store; each has its own caches, limits and counters. */
  private Realm realm(OpenStore store, PasswordHasher hasher) {
    return Realm.over(
            vertx,
            store.storage(),
            hasher,
            new Ids(clock, store.node()),
            new Secrets(),
            clock,
            new Realm.Settings(
                config.credentials().userName(),
                config.defaultOrganization(),
                config.signInLimits(),
                idForms(config),
                user -> vendors(config).anyMatch(vendor -> vendor.isFromProvider(user))))
        .with(outbox);
  }

  private static List<IdForm> idForms(DoppelConfig config) {
    return vendors(config).flatMap(vendor -> vendor.idForm().stream()).distinct().toList();
  }

  /** Returns the vendors that are known and those that are served. */
  private static Stream<Vendor<?>> vendors(DoppelConfig config) {
    return Stream.concat(
        Vendors.all().stream(), config.vendors().stream().map(ServedVendor::vendor));
  }

  public DoppelConfig config() {
    return config;
  }

  /** Returns the stores: one, or one for each dialect in the order of the dialects. */
  public List<HostedStore> stores() {
    return stores;
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

  public Outbox outbox() {
    return outbox;
  }

  /** Returns matching mails in the order of sending. */
  public List<MailEntry> mails(MailFilter filter) {
    return outbox.list().stream().map(HostedRealm::entry).filter(filter::has).toList();
  }

  private static MailEntry entry(Outbox.Sent sent) {
    var mail = sent.mail();
    return new MailEntry(
        sent.id(),
        sent.time(),
        mail.dialect(),
        mail.kind(),
        mail.to(),
        mail.user(),
        mail.subject(),
        mail.text(),
        mail.token());
  }

  /**
   * A code that completes a sign-in as its second factor. Immutable.
   *
   * @param dialect name of the dialect that asks for it
   */
  public record SecondFactor(String dialect, OneTimeCode code) {}

  /**
   * Returns the code with which a user completes a sign-in now; empty if no dialect asks for one.
   * Fails with NO_SUCH_USER.
   */
  public Future<Optional<SecondFactor>> secondFactor(String userName) {
    var users =
        stores.stream()
            .map(
                store -> Failure.emptyIf(Reason.NO_SUCH_USER, store.realm().users().find(userName)))
            .toList();
    return Future.all(users)
        .map(
            all -> {
              if (all.<Optional<User>>list().stream().allMatch(Optional::isEmpty)) {
                throw Failure.of(Reason.NO_SUCH_USER, userName);
              }
              for (int i = 0; i < stores.size(); i++) {
                Optional<User> user = all.resultAt(i);
                for (var dialect : stores.get(i).dialects()) {
                  var code = user.flatMap(dialect::secondFactorCode);
                  if (code.isPresent()) {
                    return Optional.of(new SecondFactor(dialect.name(), code.get()));
                  }
                }
              }
              return Optional.empty();
            });
  }

  public BackupFiles backupFiles() {
    return backupFiles;
  }

  public List<Dialect> dialects() {
    return stores.stream().flatMap(store -> store.dialects().stream()).toList();
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
   * Restores the initial state and the machine's time, and clears journal, faults and mails. Fails
   * as {@link GatewayState#reset} does.
   */
  public Future<Void> reset() {
    return state
        .reset()
        .onSuccess(
            done -> {
              faults.clear();
              journal.clear();
              outbox.clear();
            });
  }

  /** Deletes expired tokens. */
  public void deleteExpiredTokens() {
    stores.forEach(store -> deleteExpiredTokens(store.realm()));
  }

  private void deleteExpiredTokens(Realm realm) {
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

  /** Checks that every store can be read and changed. Fails with UNAVAILABLE if not. */
  public Future<Void> ping() {
    return Future.all(stores.stream().map(store -> store.realm().storage().ping()).toList())
        .mapEmpty();
  }

  /** Closes the stores. */
  public Future<Void> close() {
    return Future.join(stores.stream().map(store -> store.realm().storage().close()).toList())
        .mapEmpty();
  }
}
