package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Listen;
import dev.doppel.DoppelConfig.Tls;
import dev.doppel.store.MvStore;
import dev.doppel.users.Password;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What takes more of the jar than users over HTTP. */
class ServerTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void tls_selfSigned() throws Exception {
    var listen = new Listen("127.0.0.1", 0, false, Optional.of(new Tls.SelfSigned()));
    try (var doppel = Doppel.start(DoppelConfig.DEFAULT.toBuilder().listen(listen).build())) {
      assertEquals("https", doppel.uri().getScheme());
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, null);
      var http = HttpClient.newBuilder().sslContext(context).build();
      assertTrue(users(http, doppel, "doppel-operator-token").contains("\"root\""));
    }
  }

  @Test
  void fileStore_remembersUsers(@TempDir Path folder) throws Exception {
    var config =
        DoppelConfig.DEFAULT.toBuilder()
            .port(0)
            .store(MvStore.file(folder.resolve("users.db")))
            .credentials(
                new Credentials(
                    Optional.empty(),
                    Optional.of(new Password("P@ssw0rd")),
                    Optional.of("op-token"),
                    false))
            .build();
    try (var doppel = Doppel.start(config)) {
      doppel.seed().user("ann").password("P@ssw0rd1").put();
    }
    try (var doppel = Doppel.start(config)) {
      assertTrue(users(HTTP, doppel, "op-token").contains("\"ann\""));
    }
  }

  @Test
  void realms_areApart() throws Exception {
    try (var doppel = Doppel.start();
        var realm = doppel.openRealm()) {
      realm.seed().user("ann").put();
      assertNotEquals(doppel.uri(), realm.uri());
      assertTrue(users(HTTP, realm, "doppel-operator-token").contains("\"ann\""));
      assertFalse(users(HTTP, doppel, "doppel-operator-token").contains("\"ann\""));
    }
  }

  private static String users(HttpClient http, Doppel doppel, String token) throws Exception {
    return http.send(
            HttpRequest.newBuilder(doppel.uri().resolve("/api/v2/users"))
                .header("Authorization", "Token " + token)
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
