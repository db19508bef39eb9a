package dev.doppel.gateway.http;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The JDK's TLS without renegotiation. The JDK can refuse renegotiation only with a system property
 * ({@code jdk.tls.rejectClientInitiatedRenegotiation}), which would apply to the whole JVM.
 * Instead, an established connection of TLS 1.2 enables only TLS 1.3, which has no renegotiation.
 */
final class TlsEngine extends JdkSSLEngineOptions {

  private static final String TLS_1_3 = "TLSv1.3";

  /** All cipher suites of the JDK for TLS 1.3; those with forward secrecy and AEAD for TLS 1.2. */
  static final List<String> CIPHER_SUITES =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  TlsEngine() {
    setUseWorkerThread(true); // a handshake takes milliseconds of CPU time, the first far more
  }

  @Override
  public TlsEngine copy() {
    return new TlsEngine();
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new Factory();
  }

  private static final class Factory extends DefaultSslContextFactory {

    Factory() {
      super(SslProvider.JDK, false);
    }

    @Override
    public SslContext create() throws SSLException {
      return new NoRenegotiation(super.create());
    }
  }

  private static final class NoRenegotiation extends DelegatingSslContext {

    NoRenegotiation(SslContext context) {
      super(context);
    }

    @Override
    protected void initEngine(SSLEngine engine) {
      // unchanged until its handshake is done
    }

    @Override
    protected void initHandler(SslHandler handler) {
      handler
          .handshakeFuture()
          .addListener(
              done -> {
                if (done.isSuccess()) {
                  handler.engine().setEnabledProtocols(new String[] {TLS_1_3});
                }
              });
    }
  }
}
