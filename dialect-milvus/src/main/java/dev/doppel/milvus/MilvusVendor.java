package dev.doppel.milvus;

import static dev.doppel.dialect.VendorOption.ofSwitch;
import static dev.doppel.dialect.VendorOption.value;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Difference;
import dev.doppel.dialect.Endpoint;
import dev.doppel.dialect.ExtraListener;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.InvalidOptionException;
import dev.doppel.dialect.OptionValues;
import dev.doppel.dialect.SampleRequest;
import dev.doppel.dialect.Vendor;
import dev.doppel.dialect.VendorOption;
import dev.doppel.milvus.MilvusDialect.Settings;
import dev.doppel.milvus.MilvusDialect.Version;
import dev.doppel.users.Realm;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Milvus, REST v2 and gRPC. */
public final class MilvusVendor implements Vendor<Settings> {

  /** The one instance. */
  public static final MilvusVendor INSTANCE = new MilvusVendor();

  private static final int PORT = 19530;

  private static final String AUTH = "milvus-auth";
  private static final String AUTH_OFF_ANYWHERE = "milvus-auth-off-anywhere";

  private static final List<VendorOption> OPTIONS =
      List.of(
          value(
              AUTH,
              "on, or off to let everybody do everything in Milvus, unasked; beyond loopback with"
                  + " --milvus-auth-off-anywhere only. Default: on"),
          ofSwitch(
              AUTH_OFF_ANYWHERE,
              "Allows --milvus-auth off together with a --host that is not loopback."));

  private MilvusVendor() {}

  @Override
  public String name() {
    return MilvusExtras.DIALECT;
  }

  @Override
  public List<String> versions() {
    return List.of("2.6", "2.5");
  }

  @Override
  public List<String> prefixes() {
    return MilvusDialect.PREFIXES;
  }

  @Override
  public int port() {
    return PORT;
  }

  @Override
  public List<MilvusOperation> operations() {
    return List.of(MilvusOperation.values());
  }

  @Override
  public List<Difference> differences() {
    return List.of(MilvusDifference.values());
  }

  @Override
  public List<VendorOption> options() {
    return OPTIONS;
  }

  @Override
  public Settings settings(OptionValues given) {
    var authorization = given.choice(AUTH, true, "on", "off");
    if (given.isOn(AUTH_OFF_ANYWHERE) && authorization) {
      throw new InvalidOptionException("--" + AUTH_OFF_ANYWHERE + ": only with --" + AUTH + " off");
    }
    return new Settings(
        given.version().map(MilvusVendor::parse).orElse(Version.V2_6),
        authorization,
        given.isOn(AUTH_OFF_ANYWHERE));
  }

  @Override
  public Settings withVersion(Settings settings, String version) {
    return new Settings(
        parse(version), settings.authorization(), settings.authorizationOffAnywhere());
  }

  private static Version parse(String version) {
    return version.equals("2.5") ? Version.V2_5 : Version.V2_6;
  }

  @Override
  public void checkAddress(Settings settings, String host, boolean loopback) {
    if (!settings.authorization() && !settings.authorizationOffAnywhere() && !loopback) {
      throw new InvalidOptionException(
          "--milvus-auth off: anybody who reaches --host %s could make and drop users; listen on loopback, or give --milvus-auth-off-anywhere as well"
              .formatted(host));
    }
  }

  @Override
  public Dialect dialect(Realm realm, Fidelity fidelity, Settings settings) {
    return new MilvusDialect(realm, fidelity, settings);
  }

  @Override
  public Optional<ExtraListener> extraListener() {
    return Optional.of(new ExtraListener(MilvusHealth.PORT, new MilvusHealth()));
  }

  @Override
  public Map<String, String> clientEnvironment(Endpoint endpoint) {
    var variables = new LinkedHashMap<String, String>();
    variables.put("MILVUS_URI", endpoint.url());
    variables.put("MILVUS_TOKEN", endpoint.user() + ":" + endpoint.password());
    variables.put("MILVUS_USER", endpoint.user());
    variables.put("MILVUS_PASSWORD", endpoint.password());
    return variables;
  }

  @Override
  public SampleRequest sampleRequest(Endpoint endpoint) {
    return new SampleRequest(
        HttpMethod.POST,
        "/v2/vectordb/users/create",
        Optional.empty(),
        List.of(
            Map.entry("Authorization", "Bearer " + endpoint.user() + ":" + endpoint.password())),
        Optional.of("{\"userName\":\"alice\",\"password\":\"P@ssw0rd\"}"));
  }

  @Override
  public Optional<RoleExtras> roleExtras() {
    return Optional.of(MilvusDialect::roleExtras);
  }
}
