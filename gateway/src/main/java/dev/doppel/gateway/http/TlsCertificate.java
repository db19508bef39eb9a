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

/** A certificate chain and its private key: read from files, or created for this run. */
final class TlsCertificate {

  private record Pem(Buffer certificate, Buffer key) {}

  /** The signature algorithms of the key types that Vert.x can read. */
  private static final Map<String, String> SIGNATURE_ALGORITHMS =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

  private final Vertx vertx;
  private final Tls tls;

  /** The last content of the files, valid or not. */
  private Optional<Pem> last = Optional.empty();

  TlsCertificate(Vertx vertx, Tls tls) {
    this.vertx = vertx;
    this.tls = tls;
  }

  /**
   * Loads certificate and key; empty if they are the same as the last time. Fails with {@link
   * StartupException} if a file can't be read or isn't valid, or if the key doesn't belong to the
   * certificate. Unchanged invalid files fail only once.
   */
  Future<Optional<KeyCertOptions>> loadIfChanged() {
    return tls instanceof Tls.Files files
        ? loadIfChanged(files)
        : SelfSigned.create(vertx).map(Optional::of);
  }

  private Future<Optional<KeyCertOptions>> loadIfChanged(Tls.Files files) {
    return read(files)
        .recover(
            unreadable ->
                Future.failedFuture(
                    new StartupException(
                        StartupException.MACHINE,
                        messagePrefix(files) + "these files can't be read")))
        .compose(
            pem ->
                isUnchanged(pem)
                    ? Future.succeededFuture(Optional.empty())
                    : vertx.executeBlocking(() -> Optional.of(validate(files, pem))));
  }

  private Future<Pem> read(Tls.Files files) {
    var certificate = vertx.fileSystem().readFile(files.certificate().toString());
    var key = vertx.fileSystem().readFile(files.key().toString());
    return Future.all(certificate, key).map(both -> new Pem(certificate.result(), key.result()));
  }

  private synchronized boolean isUnchanged(Pem pem) {
    var unchanged = last.filter(pem::equals).isPresent();
    last = Optional.of(pem);
    return unchanged;
  }

  private KeyCertOptions validate(Tls.Files files, Pem pem) {
    Workers.checkThread();
    var options = new PemKeyCertOptions().addCertValue(pem.certificate).addKeyValue(pem.key);
    boolean keyMatches;
    try {
      keyMatches = keyMatches(options);
    } catch (
        Exception unusable) { // no PEM, or keys of two types; Vert.x declares no narrower exception
      throw new StartupException(
          StartupException.CONFIGURATION,
          messagePrefix(files) + "not a PEM certificate chain and its private key, not encrypted");
    }
    if (!keyMatches) {
      throw new StartupException(
          StartupException.CONFIGURATION,
          messagePrefix(files) + "the certificate is not the one of this key");
    }
    return options;
  }

  private static String messagePrefix(Tls.Files files) {
    return "--tls-cert '%s', --tls-key '%s': ".formatted(files.certificate(), files.key());
  }

  /** Returns whether the first certificate of the chain verifies a signature of the key. */
  private boolean keyMatches(PemKeyCertOptions options) throws Exception {
    for (var manager : options.getKeyManagerFactory(vertx).getKeyManagers()) {
      if (manager instanceof X509KeyManager keys) {
        var alias =
            SIGNATURE_ALGORITHMS.keySet().stream()
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
    var signature = Signature.getInstance(SIGNATURE_ALGORITHMS.get(key.getAlgorithm()));
    signature.initSign(key);
    signature.update((byte) 1);
    var signed = signature.sign();
    signature.initVerify(certified);
    signature.update((byte) 1);
    return signature.verify(signed);
  }
}
