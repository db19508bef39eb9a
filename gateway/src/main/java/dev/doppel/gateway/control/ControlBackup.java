package dev.doppel.gateway.control;

import dev.doppel.BadRequestException;
import dev.doppel.gateway.realm.BackupFiles;
import dev.doppel.gateway.realm.HostedRealm;
import dev.doppel.users.Storage;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/** Sends a copy of the running store, which {@code --store file:PATH} opens. */
final class ControlBackup implements ControlRoutes {

  private static final System.Logger LOG = System.getLogger(ControlBackup.class.getName());

  private final HostedRealm realm;
  private final BackupFiles files;

  ControlBackup(HostedRealm realm) {
    this.realm = realm;
    files = realm.backupFiles();
  }

  @Override
  public void mount(Router api) {
    api.get("/backup").handler(this::backup);
  }

  private void backup(RoutingContext context) {
    var call = new ControlCall(context);
    Storage storage;
    try {
      call.checkQuery(Set.of("dialect"));
      storage = call.store(realm).realm().storage();
    } catch (BadRequestException malformed) {
      call.refuse(malformed);
      return;
    }
    files
        .reserve()
        .ifPresentOrElse(
            copy -> backup(context, call, storage, copy),
            () ->
                call.refuse(
                    503,
                    "%d backups are being made or sent already; try again when one is done"
                        .formatted(BackupFiles.MAX_AT_ONCE)));
  }

  private void backup(RoutingContext context, ControlCall call, Storage storage, Path copy) {
    context
        .vertx()
        .executeBlocking(
            () -> {
              files.deleteLeftovers(realm.clock().machine());
              return copy;
            },
            false)
        .compose(storage::backup)
        .onSuccess(made -> send(context, copy))
        .onFailure(
            thrown -> {
              files.release(copy);
              call.refuse(
                  thrown instanceof UnsupportedOperationException unsupported
                      ? ControlException.conflict(String.valueOf(unsupported.getMessage()))
                      : thrown);
            });
  }

  private void send(RoutingContext context, Path copy) {
    var response = context.response();
    var name =
        "doppel-%s.db"
            .formatted(realm.clock().machine().truncatedTo(ChronoUnit.SECONDS).toString())
            .replace(':', '-');
    var sent =
        response.closed()
            ? Future.<Void>succeededFuture() // the client is gone
            : response
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
                .putHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
                .sendFile(copy.toString());
    sent.onFailure(
            thrown ->
                LOG.log(
                    System.Logger.Level.WARNING,
                    "a backup could not be sent: {0}",
                    thrown.getMessage()))
        .eventually(() -> context.vertx().fileSystem().delete(copy.toString()))
        .onFailure(
            thrown ->
                LOG.log(System.Logger.Level.DEBUG, "a backup file could not be deleted", thrown))
        .onComplete(done -> files.release(copy));
  }
}
