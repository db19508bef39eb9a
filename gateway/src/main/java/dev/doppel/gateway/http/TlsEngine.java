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
 * The JDK's TLS with one handshake a connection. The JDK itself refuses renegotiation with a system
 * property only ({@code jdk.tls.rejectClientInitiatedRenegotiation}), which would be the whole
 * JVM's; here a connection of TLS 1.2 allows no more than TLS 1.3, which has no renegotiation, once
 * it is established.
 */
final class TlsEngine extends JdkSSLEngineOptions {

  private static final String NEWEST = "TLSv1.3";

  /** Of TLS 1.3 all that the JDK has; of TLS 1.2 those with forward secrecy and AEAD. */
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
    setUseWorkerThread(true); // what a handshake computes takes milliseconds, the first far more
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
      return new OneHandshake(super.create());
    }
  }

  private static final class OneHandshake extends DelegatingSslContext {

    OneHandshake(SslContext context) {
      super(context);
    }

    @Override
    protected void initEngine(SSLEngine engine) {
      // as it is until its handshake is done
    }

    @Override
    protected void initHandler(SslHandler handler) {
      handler
          .handshakeFuture()
          .addListener(
              done -> {
                if (done.isSuccess()) {
                  handler.engine().setEnabledProtocols(new String[] {NEWEST});
                }
              });
    }
  }
}
