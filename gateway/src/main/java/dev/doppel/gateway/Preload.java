package dev.doppel.gateway;

import dev.doppel.store.MvStorage;
import dev.doppel.users.HashScheme;
import dev.doppel.users.PasswordHasher;
import io.vertx.core.Vertx;

/**
 * Makes one of what a start needs, and lets it go again, while the command line is read on another
 * thread: most of what a start takes is the first use of classes.
 */
final class Preload {

  private Preload() {}

  /** Begins; whether and when it ends matters to nobody. */
  static void begin() {
    var thread = new Thread(Preload::use, "doppel-preload");
    thread.setDaemon(true);
    thread.start();
  }

  private static void use() {
    var vertx = Vertx.vertx(ServeCommand.vertxOptions());
    var storage = MvStorage.inMemory();
    try (var hasher = new PasswordHasher(vertx, HashScheme.FAST, 1, 1)) {
      new HostedRealm(vertx, GatewayConfig.DEFAULT, storage, hasher, new Metrics(), 0);
    }
    storage.close();
    vertx.close();
  }
}
