package dev.doppel.cli;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Endpoint;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.OptionValues;
import dev.doppel.dialect.SampleRequest;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Vendor;
import dev.doppel.dialect.VendorOperation;
import dev.doppel.dialect.VendorOption;
import dev.doppel.influx.InfluxVendor;
import dev.doppel.users.Realm;
import java.util.List;
import java.util.Map;

/** A vendor that is not part of Doppel: InfluxDB's dialect under another name, with an option. */
public final class EchoVendor implements Vendor<String> {

  private static final String OPTION = "echo-of";

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public List<String> versions() {
    return List.of("1");
  }

  @Override
  public List<String> prefixes() {
    return InfluxVendor.INSTANCE.prefixes();
  }

  @Override
  public int port() {
    return 7;
  }

  @Override
  public List<VendorOperation> operations() {
    return List.of();
  }

  @Override
  public List<VendorOption> options() {
    return List.of(VendorOption.value(OPTION, "What to echo. Default: nothing"));
  }

  @Override
  public String settings(OptionValues given) {
    return given.value(OPTION).orElse("nothing");
  }

  @Override
  public Dialect dialect(Realm realm, Fidelity fidelity, String settings) {
    return ServedVendor.byDefault(InfluxVendor.INSTANCE).dialect(realm);
  }

  @Override
  public Map<String, String> clientEnvironment(Endpoint endpoint) {
    return Map.of("ECHO_URL", endpoint.url());
  }

  @Override
  public SampleRequest sampleRequest(Endpoint endpoint) {
    return SampleRequest.get("/api/v2/me", "Authorization", "Token " + endpoint.token());
  }
}
