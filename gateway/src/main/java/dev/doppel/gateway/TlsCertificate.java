package dev.doppel.gateway;

import dev.doppel.gateway.GatewayConfig.Tls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.Optional;

/** A certificate chain and its private key: read from files, or made for this run. */
final class TlsCertificate {

  private record Pem(Buffer certificate, Buffer key) {}

  private final Vertx vertx;
  private final Tls tls;

  /** What was read last; of files alone. */
  private Optional<Pem> last = Optional.empty();

  TlsCertificate(Vertx vertx, Tls tls) {
    this.vertx = vertx;
    this.tls = tls;
  }

  /**
   * What listeners show; empty if it is what they were given the last time. Fails if a file can't
   * be read or no certificate can be made; whether files hold what they should shows in use.
   */
  Future<Optional<KeyCertOptions>> changed() {
    if (tls instanceof Tls.Files files) {
      return read(files).map(this::unlessLast);
    }
    return SelfSigned.make(vertx).map(Optional::of);
  }

  private Future<Pem> read(Tls.Files files) {
    var certificate = vertx.fileSystem().readFile(files.certificate().toString());
    var key = vertx.fileSystem().readFile(files.key().toString());
    return Future.all(certificate, key).map(both -> new Pem(certificate.result(), key.result()));
  }

  private synchronized Optional<KeyCertOptions> unlessLast(Pem pem) {
    if (last.filter(pem::equals).isPresent()) {
      return Optional.empty();
    }
    last = Optional.of(pem);
    return Optional.of(new PemKeyCertOptions().addCertValue(pem.certificate).addKeyValue(pem.key));
  }
}
