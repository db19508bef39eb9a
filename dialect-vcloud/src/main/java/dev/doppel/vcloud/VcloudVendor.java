package dev.doppel.vcloud;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Difference;
import dev.doppel.dialect.Endpoint;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.OptionValues;
import dev.doppel.dialect.SampleRequest;
import dev.doppel.dialect.Vendor;
import dev.doppel.users.IdForm;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** VMware Cloud Director. It has no settings. */
public final class VcloudVendor implements Vendor<VcloudVendor.Settings> {

  /** No settings. */
  public record Settings() {}

  /** The one instance. */
  public static final VcloudVendor INSTANCE = new VcloudVendor();

  private static final int PORT = 8443;

  private static final OrganizationIds ORGANIZATION_IDS =
      new OrganizationIds(
          Pattern.compile("urn:vcloud:org:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
          "urn:vcloud:org: and a UUID in lower case");

  private static final Pattern OBJECT_NAME = Pattern.compile("urn:vcloud:\\w+:[0-9a-fA-F-]{36}");

  private VcloudVendor() {}

  @Override
  public String name() {
    return VcloudApi.NAME;
  }

  @Override
  public List<String> versions() {
    return List.of("10.6");
  }

  @Override
  public List<String> prefixes() {
    return VcloudDialect.PREFIXES;
  }

  @Override
  public int port() {
    return PORT;
  }

  @Override
  public List<VcloudOperation> operations() {
    return List.of(VcloudOperation.values());
  }

  @Override
  public List<Difference> differences() {
    return List.of(VcloudDifference.values());
  }

  @Override
  public Settings settings(OptionValues given) {
    return new Settings();
  }

  @Override
  public Dialect dialect(Realm realm, Fidelity fidelity, Settings settings) {
    return new VcloudDialect(realm, fidelity);
  }

  @Override
  public Map<String, String> clientEnvironment(Endpoint endpoint) {
    var variables = new LinkedHashMap<String, String>();
    variables.put("VCD_URL", endpoint.url() + "/api");
    variables.put("VCD_ORG", "System");
    variables.put("VCD_USER", endpoint.user());
    variables.put("VCD_PASSWORD", endpoint.password());
    return variables;
  }

  @Override
  public SampleRequest sampleRequest(Endpoint endpoint) {
    return new SampleRequest(
        HttpMethod.POST,
        "/cloudapi/1.0.0/sessions/provider",
        Optional.of(endpoint.user() + "@System:" + endpoint.password()),
        List.of(Map.entry("Accept", "application/json;version=39.1")),
        Optional.empty());
  }

  @Override
  public Set<String> plainHeaders() {
    return Set.of(
        "x-vmware-vcloud-auth-context",
        "x-vmware-vcloud-ceip-id",
        "x-vmware-vcloud-client-request-id",
        "x-vmware-vcloud-org-id",
        "x-vmware-vcloud-request-execution-time",
        "x-vmware-vcloud-request-id",
        "x-vmware-vcloud-tenant-context",
        "x-vmware-vcloud-token-type");
  }

  /** The codes of the device flow, with which a client gets a token. */
  @Override
  public Set<String> secretMembers() {
    return Set.of("device_code", "user_code", "userCode");
  }

  /** Names of objects: {@code urn:vcloud:token:…} holds no token. */
  @Override
  public Optional<Pattern> plainTexts() {
    return Optional.of(OBJECT_NAME);
  }

  /** LDAP, SAML and OAuth are such providers. */
  @Override
  public boolean isFromProvider(User user) {
    return VcloudProfile.of(user).provider() != VcloudProfile.ProviderType.LOCAL;
  }

  @Override
  public Optional<IdForm> idForm() {
    return Optional.of(VcloudDialect.ID_FORM);
  }

  @Override
  public Optional<OrganizationIds> organizationIds() {
    return Optional.of(ORGANIZATION_IDS);
  }
}
