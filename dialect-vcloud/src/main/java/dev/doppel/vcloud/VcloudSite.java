package dev.doppel.vcloud;

import dev.doppel.users.Organization;
import dev.doppel.vcloud.VcloudWire.EntityReference;

/** The one site of this installation. */
final class VcloudSite {

  static final String NAME = "doppel";

  private static final VcloudUrn URN = VcloudUrn.named("site", NAME);

  private VcloudSite() {}

  static EntityReference reference() {
    return new EntityReference(NAME, URN.toString());
  }

  /** Returns an organization's location: {@code <UUID of organization>@<UUID of site>}. */
  static String location(Organization organization) {
    return VcloudUrn.of(organization).uuid() + "@" + URN.uuid();
  }
}
