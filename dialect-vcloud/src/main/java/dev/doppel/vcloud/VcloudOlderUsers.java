package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudProfile.ProviderType;
import dev.doppel.vcloud.VcloudTenancy.Context;
import dev.doppel.vcloud.VcloudUserChanges.Where;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import dev.doppel.vcloud.VcloudWire.VcdUser;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Users in the older API: the same users as in CloudAPI, with phone, quotas and instant messenger
 * at every version. What a request doesn't have is empty, false or 0 afterwards, except for the
 * password, since clients don't send these values.
 */
final class VcloudOlderUsers {

  private static final String INTEGRATED = "INTEGRATED";

  private final Realm realm;
  private final VcloudTenancy tenancy;
  private final VcloudUsers users;
  private final VcloudUserChanges changes;

  VcloudOlderUsers(
      Realm realm, VcloudTenancy tenancy, VcloudUsers users, VcloudUserChanges changes) {
    this.realm = realm;
    this.tenancy = tenancy;
    this.users = users;
    this.changes = changes;
  }

  private static VcloudUrn urn(Call call) {
    return VcloudHref.require(call, "userId", "user");
  }

  /** Returns the context of a user who is in the path: the user's home, if the caller is there. */
  private Where homeOf(Call call, VcloudUrn urn) {
    return now ->
        users
            .in(now)
            .home(urn)
            .compose(
                home ->
                    home.filter(found -> VcloudCaller.of(call).provider())
                        .map(found -> VcloudTenancy.context(now, call, VcloudUrn.of(found)))
                        .orElseGet(() -> VcloudTenancy.ownContext(now, call)));
  }

  Future<Reply> get(Call call) {
    var urn = urn(call);
    return homeOf(call, urn)
        .in(realm)
        .compose(
            context ->
                users.findVisible(urn, context).compose(user -> document(call, user, context)))
        .map(document -> VcloudDocument.USER.ok(call, document));
  }

  private Future<VcloudXml> document(Call call, User user, Context context) {
    return tenancy
        .roles(context.organization(), List.of(user))
        .map(roles -> document(call, user, context, roles));
  }

  private static VcloudXml document(Call call, User user, Context context, VcloudRoleSet roles) {
    var organization = context.organization();
    var profile = VcloudProfile.of(user);
    var name = VcloudNames.displayName(user, organization);
    var href = VcloudHref.user(call, user);
    var role = roles.of(user).get(0);
    var document = VcloudDocument.USER.at(href).with("name", name).with("id", VcloudUrn.of(user));
    return (context.edits(user) ? document.withAll(links(href)) : document)
        .withText("Description", Optional.ofNullable(profile.description()))
        .withText("FullName", user.fullName())
        .withText("EmailAddress", user.email())
        .withText("Telephone", Optional.ofNullable(profile.phone()))
        .with(VcloudXml.element("IsEnabled", user.active()))
        .with(VcloudXml.element("IsLocked", false))
        .withText("IM", Optional.ofNullable(profile.im()))
        .with(VcloudXml.element("NameInSource", name))
        .with(VcloudXml.element("IsExternal", profile.provider() != ProviderType.LOCAL))
        .with(VcloudXml.element("ProviderType", identityProvider(profile.provider())))
        .with(VcloudXml.element("IsGroupRole", false))
        .with(VcloudXml.element("StoredVmQuota", quota(profile.storedVmQuota())))
        .with(VcloudXml.element("DeployedVmQuota", quota(profile.deployedVmQuota())))
        .with(
            VcloudDocument.ROLE
                .reference("Role", VcloudHref.role(call, role, organization))
                .with("name", role.name()))
        .with(VcloudXml.element("GroupReferences"));
  }

  private static List<VcloudXml> links(String href) {
    return List.of(
        VcloudDocument.USER.link("edit", href),
        VcloudXml.element("Link").with("rel", "remove").with("href", href),
        VcloudXml.element("Link")
            .with("rel", "takeOwnership")
            .with("href", href + "/action/takeOwnership"));
  }

  private static int quota(@Nullable Integer stored) {
    return Objects.requireNonNullElse(stored, 0);
  }

  /** Returns the identity provider in the older API's words, which doesn't distinguish LDAP. */
  static String identityProvider(ProviderType provider) {
    return switch (provider) {
      case LOCAL, LDAP -> INTEGRATED;
      case SAML, OAUTH -> provider.name();
    };
  }

  Future<Reply> create(Call call) {
    var document = VcloudDocument.USER.read(call);
    var organization = VcloudHref.require(call, "orgId", "org");
    var body = body(document);
    require(body.roleEntityRefs(), "Role");
    if (ProviderType.LOCAL.name().equals(body.providerType())) {
      require(body.password(), "Password");
    }
    var wanted =
        VcloudUserRequest.toCreateOlder(
            body, document.text("IM").orElse(null), VcloudVersion.of(call));
    return changes
        .create(now -> VcloudTenancy.context(now, call, organization), wanted)
        .compose(created -> document(call, created.user(), created.context()))
        .map(
            created ->
                VcloudDocument.USER
                    .reply(call, 201, created)
                    .with("Location", created.attribute("href").orElseThrow()));
  }

  /** Returns the name of the user that a request to create one asks for, if it can be read. */
  static Optional<String> findName(Call call) {
    try {
      return call.operation()
              .filter(one -> one.id() == VcloudOperation.CREATE_USER_OLDER_API)
              .isPresent()
          ? VcloudDocument.USER.read(call).attribute("name")
          : Optional.empty();
    } catch (Failure malformed) {
      return Optional.empty();
    }
  }

  private static void require(@Nullable Object value, String element) {
    if (value == null) {
      throw VcloudErrors.newInvalidValueException("The element " + element + " is required.");
    }
  }

  /** Returns a document as the body of CloudAPI. */
  private static VcdUser body(VcloudXml document) {
    return new VcdUser(
        document.attribute("name").orElse(null),
        document.text("FullName").orElse(null),
        document.text("Description").orElse(null),
        null,
        document.find("Role").map(VcloudOlderUsers::role).map(List::of).orElse(null),
        null,
        document.text("Password").filter(text -> !text.isEmpty()).map(Password::new).orElse(null),
        document.text("DeployedVmQuota").flatMap(VcloudSchema::toNumber).orElse(null),
        document.text("StoredVmQuota").flatMap(VcloudSchema::toNumber).orElse(null),
        document.text("EmailAddress").orElse(null),
        flag(document, "IsEnabled"),
        provider(document),
        document.text("Telephone").orElse(null));
  }

  private static boolean flag(VcloudXml document, String element) {
    return document.text(element).flatMap(VcloudSchema::toBoolean).orElse(false);
  }

  private static EntityReference role(VcloudXml reference) {
    var href = reference.attribute("href").orElse("");
    return VcloudHref.parse(href, "role")
        .map(urn -> new EntityReference(null, urn.toString()))
        .orElseThrow(
            () ->
                VcloudErrors.newInvalidValueException(
                    "The attribute href of the element Role is not the URL of a role."));
  }

  private static String provider(VcloudXml document) {
    return document
        .text("ProviderType")
        .map(String::strip)
        .filter(type -> !type.isEmpty() && !type.equals(INTEGRATED))
        .map(VcloudOlderUsers::requireKnown)
        .orElseGet(
            () -> (flag(document, "IsExternal") ? ProviderType.LDAP : ProviderType.LOCAL).name());
  }

  private static String requireKnown(String type) {
    if (!type.equals(ProviderType.SAML.name()) && !type.equals(ProviderType.OAUTH.name())) {
      throw VcloudErrors.newInvalidValueException(
          "The element ProviderType must be INTEGRATED, SAML or OAUTH.");
    }
    return type;
  }

  Future<Reply> update(Call call) {
    var urn = urn(call);
    var document = VcloudDocument.USER.read(call);
    var body = body(document);
    require(body.roleEntityRefs(), "Role");
    var wanted =
        VcloudUserRequest.toReplaceOlder(
            body, document.text("IM").orElse(null), VcloudVersion.of(call));
    return changes
        .replace(homeOf(call, urn), urn, wanted)
        .compose(changed -> document(call, changed.user(), changed.context()))
        .map(changed -> VcloudDocument.USER.ok(call, changed));
  }

  /** Deletes a user at once, without a task. */
  Future<Reply> delete(Call call) {
    var urn = urn(call);
    return changes.deleteUser(homeOf(call, urn), urn).map(deleted -> Reply.noContent());
  }

  /** Takes over a user's objects. Only the right is checked, because users own no objects here. */
  Future<Reply> takeOwnership(Call call) {
    var urn = urn(call);
    return homeOf(call, urn)
        .in(realm)
        .compose(context -> users.findEditable(urn, context))
        .map(user -> Reply.noContent());
  }
}
