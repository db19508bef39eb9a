package dev.doppel.gateway;

import dev.doppel.gateway.GatewayConfig.Store;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;

/** Hands out a copy of a running store, which {@code --store file:PATH} opens. */
final class ControlBackup implements ControlRoutes {

  private static final System.Logger LOG = System.getLogger(ControlBackup.class.getName());

  private final HostedRealm realm;

  ControlBackup(HostedRealm realm) {
    this.realm = realm;
  }

  @Override
  public void mount(Router api) {
    api.get("/backup").handler(this::backup);
  }

  private void backup(RoutingContext context) {
    var call = new ControlCall(context);
    try {
      call.checkQuery(Set.of());
    } catch (MalformedInput malformed) {
      call.refuse(malformed);
      return;
    }
    var copy = folder().resolve("doppel-backup-" + UUID.randomUUID() + ".tmp");
    realm
        .realm()
        .storage()
        .backup(copy)
        .onSuccess(made -> send(context, copy))
        .onFailure(
            thrown ->
                call.refuse(
                    thrown instanceof UnsupportedOperationException unsupported
                        ? ControlRefusal.conflict(String.valueOf(unsupported.getMessage()))
                        : thrown));
  }

  /** Where the copy lies until it has been sent: on the store's disk, or that for such files. */
  private Path folder() {
    return realm.config().store() instanceof Store.InFile in
        ? in.file().toAbsolutePath().resolveSibling("")
        : Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
  }

  private void send(RoutingContext context, Path copy) {
    var response = context.response();
    var name =
        "doppel-%s.db"
            .formatted(realm.clock().machine().truncatedTo(ChronoUnit.SECONDS).toString())
            .replace(':', '-');
    var sent =
        response.closed()
            ? Future.<Void>succeededFuture() // nobody waits for it any more
            : response
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
                .putHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
                .sendFile(copy.toString());
    sent.onFailure(
            thrown ->
                LOG.log(
                    System.Logger.Level.WARNING, "a backup wasn''t sent: {0}", thrown.getMessage()))
        .eventually(() -> context.vertx().fileSystem().delete(copy.toString()))
        .onFailure(thrown -> LOG.log(System.Logger.Level.DEBUG, "the end of a backup", thrown));
  }
}
