package dev.doppel.workspace;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Difference;
import dev.doppel.dialect.Endpoint;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.OptionValues;
import dev.doppel.dialect.SampleRequest;
import dev.doppel.dialect.Vendor;
import dev.doppel.users.IdForm;
import dev.doppel.users.Realm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Applivery Workspace. It has no settings. */
public final class WorkspaceVendor implements Vendor<WorkspaceVendor.Settings> {

  /** No settings. */
  public record Settings() {}

  /** The one instance. */
  public static final WorkspaceVendor INSTANCE = new WorkspaceVendor();

  /** The product is a service; this port is Doppel's own choice. */
  private static final int PORT = 8090;

  private static final OrganizationIds ORGANIZATION_IDS =
      new OrganizationIds(Pattern.compile("[0-9a-f]{24}"), "24 lower-case hexadecimal digits");

  private WorkspaceVendor() {}

  @Override
  public String name() {
    return WorkspaceApi.NAME;
  }

  @Override
  public List<String> versions() {
    return List.of("v1");
  }

  @Override
  public List<String> prefixes() {
    return WorkspaceDialect.PREFIXES;
  }

  @Override
  public int port() {
    return PORT;
  }

  @Override
  public List<WorkspaceOperation> operations() {
    return List.of(WorkspaceOperation.values());
  }

  @Override
  public List<Difference> differences() {
    return List.of(WorkspaceDifference.values());
  }

  @Override
  public Settings settings(OptionValues given) {
    return new Settings();
  }

  @Override
  public Dialect dialect(Realm realm, Fidelity fidelity, Settings settings) {
    return new WorkspaceDialect(realm, fidelity);
  }

  @Override
  public Map<String, String> clientEnvironment(Endpoint endpoint) {
    var variables = new LinkedHashMap<String, String>();
    variables.put("APPLIVERY_API_URL", endpoint.url() + "/v1");
    variables.put("APPLIVERY_API_TOKEN", endpoint.token());
    return variables;
  }

  /** The image and the URI of the secret of the second factor. */
  @Override
  public Set<String> secretMembers() {
    return Set.of("qr", "uri");
  }

  @Override
  public SampleRequest sampleRequest(Endpoint endpoint) {
    return SampleRequest.get("/v1/users/profile", "Authorization", "Bearer " + endpoint.token());
  }

  @Override
  public Optional<IdForm> idForm() {
    return Optional.of(WorkspaceDialect.ID_FORM);
  }

  @Override
  public Optional<OrganizationIds> organizationIds() {
    return Optional.of(ORGANIZATION_IDS);
  }
}
