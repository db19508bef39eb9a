package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Organization;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import java.util.List;

/** A session as the older API returns it, with links to related resources. */
final class VcloudOlderSession {

  private static final String VENDOR = "application/vnd.vmware.";
  private static final String TYPE = VENDOR + "vcloud.session+xml";

  private VcloudOlderSession() {}

  /**
   * Returns a session.
   *
   * @param user the user or service account, as displayed in the organization
   */
  static Reply reply(
      Call call, EntityReference user, List<VcloudRole> userRoles, Organization organization) {
    var api = VcloudHref.of(call, "");
    var org = VcloudUserView.reference(organization);
    var roles = userRoles.stream().map(VcloudRole::name).toList();
    return VcloudDocument.SESSION.ok(
        call,
        VcloudXml.root("Session")
            .with("locationId", VcloudSite.location(organization))
            .with("org", organization.name())
            .with("roles", String.join(",", roles))
            .with("user", String.valueOf(user.name()))
            .with("userId", String.valueOf(user.id()))
            .with("href", api + "session")
            .with("type", TYPE)
            .with(link("down", api + "org/").with("type", VENDOR + "vcloud.orgList+xml"))
            .with(link("remove", api + "session"))
            .withAll(
                isAdministrator(userRoles)
                    ? List.of(VcloudDocument.VCLOUD.link("down", api + "admin/"))
                    : List.of())
            .with(
                link("down", api + "org/" + VcloudUrn.of(organization).uuid())
                    .with("name", String.valueOf(org.name()))
                    .with("type", VENDOR + "vcloud.org+xml"))
            .with(VcloudDocument.QUERY_LIST.link("down", api + "query"))
            .with(
                link("entityResolver", api + "entity/").with("type", VENDOR + "vcloud.entity+xml"))
            .with(
                link("down:extensibility", api + "extensibility")
                    .with("type", VENDOR + "vcloud.apiextensibility+xml"))
            .with(link("nsx", call.origin() + "/network").with("type", "application/xml"))
            .with(link("openapi", call.origin() + VcloudApi.ROOT).with("type", "application/json"))
            .with(locations(call, organization)));
  }

  private static boolean isAdministrator(List<VcloudRole> roles) {
    return roles.stream().anyMatch(role -> role.rights().contains(VcloudRight.ADMINISTRATOR_VIEW));
  }

  private static VcloudXml link(String relation, String url) {
    return VcloudXml.element("Link").with("rel", relation).with("href", url);
  }

  private static VcloudXml locations(Call call, Organization organization) {
    return VcloudXml.element("AuthorizedLocations")
        .with(
            VcloudXml.element("Location")
                .with(VcloudXml.element("LocationId", VcloudSite.location(organization)))
                .with(VcloudXml.element("SiteName", VcloudSite.NAME))
                .with(VcloudXml.element("OrgName", organization.name()))
                .with(VcloudXml.element("RestApiEndpoint", call.origin()))
                .with(VcloudXml.element("UIEndpoint", call.origin()))
                .with(VcloudXml.element("AuthContext", organization.name())));
  }
}
