package dev.doppel.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Listen;
import dev.doppel.DoppelConfig.Tls;
import dev.doppel.StartupException;
import dev.doppel.testkit.Await;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {

  private static final Duration TIMEOUT = Ports.RELOAD_INTERVAL.multipliedBy(10);

  @TempDir Path folder;

  private static DoppelConfig config(Tls tls) {
    return DoppelConfig.DEFAULT.toBuilder()
        .listen(new Listen("localhost", 0, false, Optional.of(tls)))
        .build();
  }

  /** Returns a context that trusts one certificate and checks host names. */
  private static SSLContext trusting(X509Certificate certificate)
      throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("doppel", certificate);
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static X509Certificate certificateOf(URI uri)
      throws GeneralSecurityException, IOException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, null);
    try (var socket =
        (SSLSocket) context.getSocketFactory().createSocket("localhost", uri.getPort())) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void selfSigned_isValidForLoopbackNames(HttpClient.Version version)
      throws GeneralSecurityException, IOException, InterruptedException {
    try (var doppel = Doppel.start(config(new Tls.SelfSigned()))) {
      var client =
          HttpClient.newBuilder()
              .version(version)
              .sslContext(trusting(certificateOf(doppel.uri())))
              .build();
      for (var host : List.of("localhost", "127.0.0.1")) {
        var answer =
            client.send(
                HttpRequest.newBuilder(
                        URI.create("https://" + host + ":" + doppel.uri().getPort() + "/api/v2/me"))
                    .header("Authorization", "Token doppel-operator-token")
                    .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(version);
      }
    }
  }

  @Test
  void selfSigned_isUsedByRealmsToo() throws GeneralSecurityException, IOException {
    try (var doppel = Doppel.start(config(new Tls.SelfSigned()));
        var realm = doppel.openRealm()) {
      assertThat(certificateOf(realm.uri())).isEqualTo(certificateOf(doppel.uri()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1", "TLSv1.1"})
  void oldProtocols_areRejected(String protocol) throws GeneralSecurityException, IOException {
    try (var doppel = Doppel.start(config(new Tls.SelfSigned()))) {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, null);
      try (var socket =
          (SSLSocket)
              context.getSocketFactory().createSocket("localhost", doppel.uri().getPort())) {
        socket.setEnabledProtocols(new String[] {protocol});
        assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
      }
    }
  }

  @Test
  void files_areReloaded_keepingLastValidCertificate()
      throws GeneralSecurityException, IOException, InterruptedException {
    var certificate = folder.resolve("cert.pem");
    var key = folder.resolve("key.pem");
    var first = write(certificate, key);
    try (var doppel = Doppel.start(config(new Tls.Files(certificate, key)))) {
      assertThat(certificateOf(doppel.uri()).getSerialNumber()).isEqualTo(first);
      var second = write(certificate, key);
      awaitCertificate(doppel, second);
      assertThat(httpVersionOf(doppel.uri())).isEqualTo(HttpClient.Version.HTTP_2);
      try (var realm = doppel.openRealm()) {
        assertThat(certificateOf(realm.uri()).getSerialNumber()).isEqualTo(second);
      }
      Files.writeString(certificate, "no certificate");
      Thread.sleep(Ports.RELOAD_INTERVAL.plusSeconds(1).toMillis());
      assertThat(certificateOf(doppel.uri()).getSerialNumber()).isEqualTo(second);
      awaitCertificate(doppel, write(certificate, key));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keyOfOtherCertificate_isRejectedAtStart(boolean rsa)
      throws GeneralSecurityException, IOException, InterruptedException {
    var certificate = folder.resolve("cert.pem");
    var key = folder.resolve("key.pem");
    if (rsa) {
      writeRsa(certificate, key);
    } else {
      write(certificate, key);
    }
    write(folder.resolve("other.pem"), key);
    assertThatThrownBy(() -> Doppel.start(config(new Tls.Files(certificate, key))))
        .isInstanceOfSatisfying(
            StartupException.class,
            refused -> {
              assertThat(refused.line())
                  .isEqualTo(
                      "--tls-cert '%s', --tls-key '%s': %s"
                          .formatted(
                              certificate,
                              key,
                              rsa
                                  ? "not a PEM certificate chain and its private key, not encrypted"
                                  : "the certificate is not the one of this key"));
              assertThat(refused.exitCode()).isEqualTo(2);
            });
  }

  /** Tools that renew certificates replace the files one after the other. */
  @Test
  void newCertificate_isNotUsedUntilItsKeyFollows()
      throws GeneralSecurityException, IOException, InterruptedException {
    var certificate = folder.resolve("cert.pem");
    var key = folder.resolve("key.pem");
    var first = write(certificate, key);
    var logged = new LogRecords();
    var logger = Logger.getLogger(Ports.class.getName());
    logger.addHandler(logged);
    try (var doppel = Doppel.start(config(new Tls.Files(certificate, key)))) {
      var nextKey = folder.resolve("next-key.pem");
      var second = write(certificate, nextKey);
      logged.awaitOne(TIMEOUT);
      Thread.sleep(
          Ports.RELOAD_INTERVAL.multipliedBy(2).toMillis()); // until the files are checked again
      assertThat(certificateOf(doppel.uri()).getSerialNumber()).isEqualTo(first);
      assertThat(logged.lines())
          .containsExactly(
              "--tls-cert '%s', --tls-key '%s': the certificate is not the one of this key; the previous certificate stays in use"
                  .formatted(certificate, key));
      Files.move(nextKey, key, StandardCopyOption.REPLACE_EXISTING);
      awaitCertificate(doppel, second);
      assertThat(negotiatedSuite(doppel.uri(), "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"))
          .isEmpty();
    } finally {
      logger.removeHandler(logged);
    }
  }

  private static final class LogRecords extends Handler {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord record) {
      lines.add(new SimpleFormatter().formatMessage(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    List<String> lines() {
      return lines;
    }

    void awaitOne(Duration timeout) throws InterruptedException {
      var deadline = System.nanoTime() + timeout.toNanos();
      while (lines.isEmpty()) {
        assertThat(System.nanoTime()).as("nothing is logged").isLessThan(deadline);
        Thread.sleep(50);
      }
    }
  }

  /** Uses an RSA key, which all of these cipher suites support. */
  @Test
  void tls12_allowsOnlyEcdheWithGcmOrChacha20()
      throws GeneralSecurityException, IOException, InterruptedException {
    var certificate = folder.resolve("cert.pem");
    var key = folder.resolve("key.pem");
    writeRsa(certificate, key);
    try (var doppel = Doppel.start(config(new Tls.Files(certificate, key)))) {
      for (var suite :
          List.of(
              "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
              "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
              "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")) {
        assertThat(negotiatedSuite(doppel.uri(), suite)).contains(suite);
      }
      for (var suite :
          List.of(
              "TLS_RSA_WITH_AES_128_GCM_SHA256",
              "TLS_RSA_WITH_AES_128_CBC_SHA",
              "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
              "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
              "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384")) {
        assertThat(negotiatedSuite(doppel.uri(), suite)).as(suite).isEmpty();
      }
    }
  }

  /**
   * Returns the negotiated suite of a TLS 1.2 client that offers one suite; empty if it is
   * rejected.
   */
  private static Optional<String> negotiatedSuite(URI uri, String suite)
      throws GeneralSecurityException, IOException {
    try (var socket = tls12(uri)) {
      socket.setEnabledCipherSuites(new String[] {suite});
      socket.startHandshake();
      return Optional.of(socket.getSession().getCipherSuite());
    } catch (SSLHandshakeException refused) {
      return Optional.empty();
    }
  }

  private static SSLSocket tls12(URI uri) throws GeneralSecurityException, IOException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, null);
    var socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", uri.getPort());
    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
    return socket;
  }

  @Test
  void renegotiation_isRejected() throws GeneralSecurityException, IOException {
    try (var doppel = Doppel.start(config(new Tls.SelfSigned()));
        var socket = tls12(doppel.uri())) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      socket
          .getOutputStream()
          .write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      var answer = new BufferedReader(new InputStreamReader(socket.getInputStream()));
      assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                answer.transferTo(
                    Writer.nullWriter()); // the rest of the response, then the rejection
              })
          .isInstanceOf(SSLException.class);
    }
  }

  private static HttpClient.Version httpVersionOf(URI uri)
      throws GeneralSecurityException, IOException, InterruptedException {
    var client = HttpClient.newBuilder().sslContext(trusting(certificateOf(uri))).build();
    return client
        .send(HttpRequest.newBuilder(uri.resolve("/health")).build(), BodyHandlers.discarding())
        .version();
  }

  private static void awaitCertificate(Doppel doppel, BigInteger serial)
      throws GeneralSecurityException, IOException, InterruptedException {
    var deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!certificateOf(doppel.uri()).getSerialNumber().equals(serial)) {
      assertThat(System.nanoTime()).as("the new certificate is not shown").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  /** Writes a new certificate and key; returns the serial number of the certificate. */
  private static BigInteger write(Path certificate, Path key)
      throws GeneralSecurityException, IOException {
    var vertx = Vertx.vertx();
    var made = Await.await(SelfSigned.create(vertx));
    Await.await(vertx.close());
    Files.write(key, made.getKeyValue().getBytes());
    Files.write(certificate, made.getCertValue().getBytes());
    return serial(certificate);
  }

  /** Writes an RSA certificate and key with the JDK's keytool. */
  private void writeRsa(Path certificate, Path key)
      throws GeneralSecurityException, IOException, InterruptedException {
    var file = folder.resolve("rsa.p12");
    var keytool =
        "-genkeypair -alias rsa -keyalg RSA -dname CN=RSA -storetype PKCS12 -storepass password -keystore "
            + file;
    var command = new ArrayList<>(List.of(keytool.split(" ", -1)));
    command.add(0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    assertThat(
            new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor())
        .isZero();
    var store = KeyStore.getInstance(file.toFile(), "password".toCharArray());
    pem(certificate, "CERTIFICATE", store.getCertificate("rsa").getEncoded());
    pem(key, "PRIVATE KEY", store.getKey("rsa", "password".toCharArray()).getEncoded());
  }

  private static void pem(Path file, String type, byte[] bytes) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(type, Base64.getMimeEncoder().encodeToString(bytes), type));
  }

  private static BigInteger serial(Path certificate) throws GeneralSecurityException, IOException {
    try (var in = Files.newInputStream(certificate)) {
      return ((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in))
          .getSerialNumber();
    }
  }
}
