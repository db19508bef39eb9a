package dev.doppel.gateway.http;

import dev.doppel.gateway.thread.Workers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Self-signed certificates for one run, which don't prove the server's identity. The JDK has no
 * public API to write one; of Bouncy Castle only the X.509 structures are used, and no provider.
 */
final class SelfSigned {

  private static final AlgorithmIdentifier ALGORITHM =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
  private static final X500Name NAME = new X500Name("CN=Doppel");
  private static final GeneralNames HOSTS =
      new GeneralNames(
          new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"),
            new GeneralName(GeneralName.dNSName, "*.localhost"),
            new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
            new GeneralName(GeneralName.iPAddress, "::1")
          });

  /** Time for which the certificate is already valid, as clients' clocks may be behind. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofDays(1);

  private static final Duration LIFETIME = Duration.ofDays(365);
  private static final int SERIAL_BITS = 127;
  private static final int LINE_LENGTH = 64;

  private SelfSigned() {}

  /** Creates a certificate and its key, on a worker. */
  static Future<PemKeyCertOptions> create(Vertx vertx) {
    return vertx.executeBlocking(SelfSigned::create);
  }

  private static PemKeyCertOptions create() throws GeneralSecurityException, IOException {
    Workers.checkThread();
    var random = new SecureRandom();
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    var keys = generator.generateKeyPair();
    return new PemKeyCertOptions()
        .addCertValue(pem("CERTIFICATE", sign(keys, random)))
        .addKeyValue(pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
  }

  private static byte[] sign(KeyPair keys, SecureRandom random)
      throws GeneralSecurityException, IOException {
    var certificate = certificate(keys, random);
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate(), random);
    signature.update(certificate.getEncoded(ASN1Encoding.DER));
    var bits = new DERBitString(signature.sign());
    return new DERSequence(new ASN1Encodable[] {certificate, ALGORITHM, bits})
        .getEncoded(ASN1Encoding.DER);
  }

  private static TBSCertificate certificate(KeyPair keys, SecureRandom random) throws IOException {
    var now = Instant.now();
    var extensions = new ExtensionsGenerator();
    extensions.addExtension(Extension.subjectAlternativeName, false, HOSTS);
    extensions.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    var certificate = new V3TBSCertificateGenerator();
    certificate.setSerialNumber(
        new ASN1Integer(new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE)));
    certificate.setSignature(ALGORITHM);
    certificate.setIssuer(NAME);
    certificate.setSubject(NAME);
    certificate.setStartDate(new Time(Date.from(now.minus(CLOCK_TOLERANCE))));
    certificate.setEndDate(new Time(Date.from(now.plus(LIFETIME))));
    certificate.setSubjectPublicKeyInfo(
        SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
    certificate.setExtensions(extensions.generate());
    return certificate.generateTBSCertificate();
  }

  private static Buffer pem(String type, byte[] bytes) {
    var lines = Base64.getMimeEncoder(LINE_LENGTH, "\n".getBytes(StandardCharsets.US_ASCII));
    return Buffer.buffer(
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(type, lines.encodeToString(bytes), type));
  }
}
