package dev.doppel.vcloud;

import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import java.util.UUID;

/** The roles that the product ships with, as far as our users hold them. */
enum VcloudRole {
  SYSTEM_ADMINISTRATOR(
      "System Administrator",
      new VcloudUrn("role", UUID.fromString("67e119b7-083b-349e-8dfd-6cf0c19b83cf"))),
  ORGANIZATION_ADMINISTRATOR(
      "Organization Administrator",
      new VcloudUrn("role", UUID.fromString("38da3903-2149-30ac-a523-8e535480d094"))),
  VAPP_USER("vApp User", VcloudUrn.named("role", "ROLE_VAPP_USER"));

  private final String words;

  @SuppressWarnings("ImmutableEnumChecker") // a record of a string and a UUID
  private final VcloudUrn urn;

  VcloudRole(String words, VcloudUrn urn) {
    this.words = words;
    this.urn = urn;
  }

  /** An administrator and an owner look after the organisation; everybody else just uses it. */
  static VcloudRole of(User user, Organization organization) {
    if (!user.administrator() && user.memberships().get(organization.id()) != Membership.OWNER) {
      return VAPP_USER;
    }
    return organization.name().equals(Realm.SYSTEM)
        ? SYSTEM_ADMINISTRATOR
        : ORGANIZATION_ADMINISTRATOR;
  }

  /** Whether it has the rights to view and manage users. */
  boolean managesUsers() {
    return this != VAPP_USER;
  }

  String words() {
    return words;
  }

  EntityReference reference() {
    return new EntityReference(words, urn.toString());
  }
}
