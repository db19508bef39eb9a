package dev.doppel;

import dev.doppel.Doppel.Administrator;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.Gateway;
import dev.doppel.gateway.control.ControlFaults;
import dev.doppel.gateway.fault.Faults;
import dev.doppel.gateway.journal.JournalFilter;
import dev.doppel.gateway.mail.MailFilter;
import dev.doppel.gateway.realm.HostedRealm;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Password;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A realm of a gateway in this process. */
final class LocalRealm implements RealmAccess {

  private final Gateway gateway;
  private final HostedRealm realm;
  private final URI uri;
  private final URI controlUri;
  private final Supplier<Future<Void>> closing;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LocalRealm(
      Gateway gateway,
      HostedRealm realm,
      String url,
      String controlUrl,
      Supplier<Future<Void>> closing) {
    this.gateway = gateway;
    this.realm = realm;
    this.uri = URI.create(url);
    this.controlUri = URI.create(controlUrl);
    this.closing = closing;
  }

  /**
   * Starts a gateway and returns its own realm.
   *
   * @throws StartupException as {@link Doppel#start(DoppelConfig)}
   */
  static LocalRealm start(DoppelConfig config) {
    var vertx = Vertx.vertx();
    try {
      var gateway = await(Gateway.start(vertx, config));
      return new LocalRealm(
          gateway, gateway.realm(), gateway.url(), gateway.controlUrl(), gateway::closeWithVertx);
    } catch (RuntimeException e) {
      await(vertx.close());
      throw e;
    }
  }

  @Override
  public LocalRealm openRealm(RealmOptions options) {
    var realms = gateway.realms();
    var open = await(realms.open(options));
    return new LocalRealm(
        gateway,
        open.realm(),
        open.listener().url(),
        gateway.controlUrl(open),
        () -> realms.close(open.name()).orElseGet(Future::succeededFuture));
  }

  @Override
  public URI uri() {
    return uri;
  }

  @Override
  public URI uri(Vendor<?> vendor) {
    return realm == gateway.realm() ? URI.create(gateway.url(vendor)) : uri;
  }

  @Override
  public URI controlUri() {
    return controlUri;
  }

  @Override
  public Administrator administrator() {
    var config = realm.config();
    var credentials = config.credentials();
    if (credentials.blank()) {
      throw new IllegalStateException("it was started blank, without an administrator");
    }
    return config.readyToUse()
        ? Administrator.readyToUse(credentials.userName())
        : new Administrator(
            credentials.userName(),
            credentials.password().map(Password::clearText).orElse(""),
            credentials.operatorToken());
  }

  @Override
  public void seed(Seed seed) {
    await(realm.state().seed(seed));
  }

  @Override
  public void reset() {
    await(realm.reset());
  }

  @Override
  public MovableClock clock() {
    return realm.clock();
  }

  @Override
  public boolean recordsCalls() {
    return realm.journal().recordsCalls();
  }

  @Override
  public List<JournalEntry> calls(JournalFilter filter) {
    return realm.journal().entries(filter);
  }

  @Override
  public long countCalls(JournalFilter filter) {
    return realm.journal().count(filter);
  }

  @Override
  public List<MailEntry> mails(MailFilter filter) {
    return realm.mails(filter);
  }

  @Override
  public void clearMails() {
    realm.outbox().clear();
  }

  @Override
  public String twoFactorCode(String userName) {
    return await(
            Failure.emptyIf(Reason.NO_SUCH_USER, realm.secondFactor(userName))
                .map(found -> found.flatMap(factor -> factor)))
        .map(factor -> factor.code().code())
        .orElseThrow(() -> RealmAccess.newNoCodeException(userName));
  }

  @Override
  public Faults.Status planFault(PlannedFault fault) {
    ControlFaults.checkScope(realm.dialects(), fault.scope());
    return realm.faults().plan(fault);
  }

  @Override
  public List<Faults.Status> faults() {
    return realm.faults().all();
  }

  @Override
  public Optional<Faults.Status> findFault(long id) {
    return realm.faults().find(id);
  }

  @Override
  public Optional<Faults.Status> removeFault(long id) {
    return realm.faults().remove(id);
  }

  @Override
  public void clearFaults() {
    realm.faults().clear();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      await(closing.get());
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done within " + TIMEOUT_SECONDS + " s", e);
    }
  }
}
