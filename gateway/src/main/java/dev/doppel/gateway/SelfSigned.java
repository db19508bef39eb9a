package dev.doppel.gateway;

import dev.doppel.users.Secrets;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates for one run, by which a client can't tell us from another; made by keytool. */
final class SelfSigned {

  private static final long SECONDS = 30;
  private static final String PASSWORD = "DOPPEL_STORE_PASSWORD";
  private static final String NAMES = "san=dns:localhost,dns:*.localhost,ip:127.0.0.1,ip:::1";

  private SelfSigned() {}

  /** Fails with {@link Refused} where the Java platform's keytool makes none. */
  static Future<KeyCertOptions> make(Vertx vertx) {
    return vertx.executeBlocking(SelfSigned::make);
  }

  private static KeyCertOptions make() throws InterruptedException {
    try {
      var folder = Files.createTempDirectory("doppel-tls");
      var store = folder.resolve("store.p12");
      try {
        var password = new Secrets().hex(16);
        keytool(store, password);
        return new PfxOptions()
            .setPassword(password)
            .setValue(Buffer.buffer(Files.readAllBytes(store)));
      } finally {
        Files.deleteIfExists(store);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new Refused(
          Refused.MACHINE, "--tls-self-signed: the Java platform's keytool made no certificate");
    }
  }

  private static void keytool(Path store, String password)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "doppel",
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-validity",
                    "365",
                    "-dname",
                    "CN=Doppel",
                    "-ext",
                    NAMES,
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    store.toString(),
                    "-storepass:env",
                    PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put(PASSWORD, password); // not on the command line, which all can read
    var process = builder.start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    if (process.waitFor() != 0) {
      throw new IOException("keytool made nothing");
    }
  }
}
