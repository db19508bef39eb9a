package dev.doppel.gateway.http;

import dev.doppel.DoppelConfig.Tls;
import dev.doppel.StartupException;
import dev.doppel.gateway.thread.Workers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.X509KeyManager;

/** A certificate chain and its private key: read from files, or made for this run. */
final class TlsCertificate {

  private record Pem(Buffer certificate, Buffer key) {}

  /** How each kind of key that Vert.x reads signs. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

  private final Vertx vertx;
  private final Tls tls;

  /** What was read last, good or not; of files alone. */
  private Optional<Pem> last = Optional.empty();

  TlsCertificate(Vertx vertx, Tls tls) {
    this.vertx = vertx;
    this.tls = tls;
  }

  /**
   * Returns what listeners show; empty if it is what they were given the last time. Fails with
   * {@link StartupException} if a file can't be read or doesn't hold what it should, or if the
   * certificate and the key don't belong together: as long as the files stay like that, once.
   */
  Future<Optional<KeyCertOptions>> changed() {
    return tls instanceof Tls.Files files
        ? changed(files)
        : SelfSigned.make(vertx).map(Optional::of);
  }

  private Future<Optional<KeyCertOptions>> changed(Tls.Files files) {
    return read(files)
        .recover(
            unreadable ->
                Future.failedFuture(
                    new StartupException(
                        StartupException.MACHINE, named(files) + "these files can't be read")))
        .compose(
            pem ->
                isLast(pem)
                    ? Future.succeededFuture(Optional.empty())
                    : vertx.executeBlocking(() -> Optional.of(checked(files, pem))));
  }

  private Future<Pem> read(Tls.Files files) {
    var certificate = vertx.fileSystem().readFile(files.certificate().toString());
    var key = vertx.fileSystem().readFile(files.key().toString());
    return Future.all(certificate, key).map(both -> new Pem(certificate.result(), key.result()));
  }

  private synchronized boolean isLast(Pem pem) {
    var known = last.filter(pem::equals).isPresent();
    last = Optional.of(pem);
    return known;
  }

  private KeyCertOptions checked(Tls.Files files, Pem pem) {
    Workers.checkThread();
    var options = new PemKeyCertOptions().addCertValue(pem.certificate).addKeyValue(pem.key);
    boolean belongTogether;
    try {
      belongTogether = belongTogether(options);
    } catch (Exception unusable) { // no PEM, or keys of two kinds: Vert.x declares nothing narrower
      throw new StartupException(
          StartupException.CONFIGURATION,
          named(files) + "not a PEM certificate chain and its private key, not encrypted");
    }
    if (!belongTogether) {
      throw new StartupException(
          StartupException.CONFIGURATION,
          named(files) + "the certificate is not the one of this key");
    }
    return options;
  }

  private static String named(Tls.Files files) {
    return "--tls-cert '%s', --tls-key '%s': ".formatted(files.certificate(), files.key());
  }

  /** Whether what the key signs is good by the first certificate of the chain. */
  private boolean belongTogether(PemKeyCertOptions options) throws Exception {
    for (var manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
      if (manager instanceof X509KeyManager keys) {
        var alias =
            SIGNATURES.keySet().stream()
                .flatMap(type -> Stream.ofNullable(keys.getServerAliases(type, null)))
                .flatMap(Stream::of)
                .findFirst()
                .orElseThrow();
        return verifies(
            keys.getPrivateKey(alias), keys.getCertificateChain(alias)[0].getPublicKey());
      }
    }
    throw new IllegalStateException("no manager of keys");
  }

  private static boolean verifies(PrivateKey key, PublicKey certified)
      throws GeneralSecurityException {
    var signature = Signature.getInstance(SIGNATURES.get(key.getAlgorithm()));
    signature.initSign(key);
    signature.update((byte) 1);
    var signed = signature.sign();
    signature.initVerify(certified);
    signature.update((byte) 1);
    return signature.verify(signed);
  }
}
