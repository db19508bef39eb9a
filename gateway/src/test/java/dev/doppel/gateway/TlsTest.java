package dev.doppel.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.gateway.GatewayConfig.Listen;
import dev.doppel.gateway.GatewayConfig.Tls;
import dev.doppel.testkit.Await;
import io.vertx.core.Vertx;
import io.vertx.core.net.PfxOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
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

  private static final Duration PATIENCE = Ports.LOOK_EVERY.multipliedBy(10);

  @TempDir Path folder;

  private static GatewayConfig over(Tls tls) {
    return GatewayConfig.DEFAULT
        .but()
        .listen(new Listen("localhost", 0, false, Optional.of(tls)))
        .build();
  }

  /** Trusts one certificate, and checks names as every client does. */
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

  private static X509Certificate shownBy(URI uri) throws GeneralSecurityException, IOException {
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
  void selfSigned_isGoodForLoopbackNames(HttpClient.Version version)
      throws GeneralSecurityException, IOException, InterruptedException {
    try (var doppel = Doppel.start(over(new Tls.SelfSigned()))) {
      var client =
          HttpClient.newBuilder()
              .version(version)
              .sslContext(trusting(shownBy(doppel.uri())))
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
  void selfSigned_isOfRealmsAsWell() throws GeneralSecurityException, IOException {
    try (var doppel = Doppel.start(over(new Tls.SelfSigned()));
        var realm = doppel.openRealm()) {
      assertThat(shownBy(realm.uri())).isEqualTo(shownBy(doppel.uri()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1", "TLSv1.1"})
  void oldProtocols_areRefused(String protocol) throws GeneralSecurityException, IOException {
    try (var doppel = Doppel.start(over(new Tls.SelfSigned()))) {
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
  void files_areReadAgain_andTheLastGoodCertificateStays()
      throws GeneralSecurityException, IOException, InterruptedException {
    var certificate = folder.resolve("cert.pem");
    var key = folder.resolve("key.pem");
    var first = write(certificate, key);
    try (var doppel = Doppel.start(over(new Tls.Files(certificate, key)))) {
      assertThat(shownBy(doppel.uri()).getSerialNumber()).isEqualTo(first);
      var second = write(certificate, key);
      awaitShown(doppel, second);
      assertThat(versionSpoken(doppel.uri())).isEqualTo(HttpClient.Version.HTTP_2);
      try (var realm = doppel.openRealm()) {
        assertThat(shownBy(realm.uri()).getSerialNumber()).isEqualTo(second);
      }
      Files.writeString(certificate, "no certificate");
      Thread.sleep(Ports.LOOK_EVERY.plusSeconds(1).toMillis());
      assertThat(shownBy(doppel.uri()).getSerialNumber()).isEqualTo(second);
      awaitShown(doppel, write(certificate, key));
    }
  }

  private static HttpClient.Version versionSpoken(URI uri)
      throws GeneralSecurityException, IOException, InterruptedException {
    var client = HttpClient.newBuilder().sslContext(trusting(shownBy(uri))).build();
    return client
        .send(HttpRequest.newBuilder(uri.resolve("/health")).build(), BodyHandlers.discarding())
        .version();
  }

  private static void awaitShown(Doppel doppel, BigInteger serial)
      throws GeneralSecurityException, IOException, InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!shownBy(doppel.uri()).getSerialNumber().equals(serial)) {
      assertThat(System.nanoTime()).as("the new certificate is not shown").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  /** A new pair; the certificate's serial number. */
  private static BigInteger write(Path certificate, Path key)
      throws GeneralSecurityException, IOException {
    var vertx = Vertx.vertx();
    var made = (PfxOptions) Await.await(SelfSigned.make(vertx));
    Await.await(vertx.close());
    var password = made.getPassword().toCharArray();
    var store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(made.getValue().getBytes()), password);
    var own = (X509Certificate) store.getCertificate("doppel");
    pem(certificate, "CERTIFICATE", own.getEncoded());
    pem(key, "PRIVATE KEY", store.getKey("doppel", password).getEncoded());
    return own.getSerialNumber();
  }

  private static void pem(Path file, String type, byte[] bytes) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(type, Base64.getMimeEncoder().encodeToString(bytes), type));
  }
}
