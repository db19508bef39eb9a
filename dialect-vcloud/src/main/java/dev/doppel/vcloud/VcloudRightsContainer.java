package dev.doppel.vcloud;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A named set of rights as it is kept: a role of an organization, a global role or a rights bundle.
 * Immutable.
 *
 * @param rights names of rights
 * @param publishAll whether it is published to all tenants; null for false, and for roles
 * @param tenants URNs of the organizations that it is published to; null for none, and for roles
 */
record VcloudRightsContainer(
    UUID id,
    String name,
    String description,
    List<String> rights,
    @Nullable Boolean publishAll,
    @Nullable List<String> tenants) {

  VcloudRightsContainer {
    rights = List.copyOf(rights);
    tenants = tenants == null ? null : List.copyOf(tenants);
  }

  VcloudRightsContainer named(String name, String description) {
    return new VcloudRightsContainer(id, name, description, rights, publishAll, tenants);
  }

  VcloudRightsContainer withRights(List<VcloudRight> wanted) {
    var names = wanted.stream().map(VcloudRight::name).distinct().toList();
    return new VcloudRightsContainer(id, name, description, names, publishAll, tenants);
  }

  VcloudRightsContainer publishedToAll(boolean all) {
    return new VcloudRightsContainer(id, name, description, rights, all ? true : null, tenants);
  }

  VcloudRightsContainer publishedTo(List<String> organizations) {
    return new VcloudRightsContainer(id, name, description, rights, publishAll, organizations);
  }

  /** Returns the rights. One that this version doesn't know any more is left out. */
  List<VcloudRight> rightsOf() {
    return rights.stream().map(VcloudRight::find).flatMap(Optional::stream).toList();
  }

  boolean isPublishedToAll() {
    return publishAll != null && publishAll;
  }

  List<String> tenantUrns() {
    return tenants == null ? List.of() : tenants;
  }

  boolean isPublishedTo(VcloudUrn organization) {
    return isPublishedToAll() || tenantUrns().contains(organization.toString());
  }
}
