package dev.doppel.vcloud;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.Status;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudProfile.ProviderType;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import dev.doppel.vcloud.VcloudWire.VcdUser;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code VcdUser} in a request that is valid by itself. All validation fails with INVALID_VALUE
 * unless noted otherwise.
 *
 * @param im instant messenger; null in CloudAPI, which has no such property
 * @param username name in lower case, as the product stores names
 * @param roles empty if the request doesn't change them
 * @param providerType empty if the request has none
 */
record VcloudUserRequest(
    VcdUser body,
    VcloudVersion version,
    Fields fields,
    @Nullable String im,
    String username,
    Optional<String> fullName,
    Optional<String> email,
    Optional<List<EntityReference>> roles,
    Optional<ProviderType> providerType,
    Optional<Password> password) {

  /** Which properties a request can set: those of its version, or all of the older API. */
  private enum Fields {
    OF_VERSION,
    OLDER_API
  }

  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");

  static VcloudUserRequest toCreate(VcdUser body, VcloudVersion version) {
    return toCreate(of(body, version, Fields.OF_VERSION, null));
  }

  /** As above, in the older API, which has phone, quotas and instant messenger in any version. */
  static VcloudUserRequest toCreateOlder(VcdUser body, @Nullable String im, VcloudVersion version) {
    return toCreate(of(body, version, Fields.OLDER_API, im));
  }

  private static VcloudUserRequest toCreate(VcloudUserRequest request) {
    var version = request.version;
    var local = request.providerOrLocal() == ProviderType.LOCAL;
    if (request.roles.isEmpty() && (local || !version.since(VcloudVersion.ROLES_OPTIONAL))) {
      throw VcloudErrors.newMissingException("roleEntityRefs");
    }
    if (local && request.password.isEmpty()) {
      throw VcloudErrors.newMissingException("password");
    }
    request.checkPasswordOf(request.providerOrLocal());
    request.checkName();
    return request;
  }

  static VcloudUserRequest toReplace(VcdUser body, VcloudVersion version) {
    return toReplace(of(body, version, Fields.OF_VERSION, null));
  }

  /** As above, in the older API, which has phone, quotas and instant messenger in any version. */
  static VcloudUserRequest toReplaceOlder(
      VcdUser body, @Nullable String im, VcloudVersion version) {
    return toReplace(of(body, version, Fields.OLDER_API, im));
  }

  private static VcloudUserRequest toReplace(VcloudUserRequest request) {
    var version = request.version;
    if (request.roles.isEmpty() && !version.since(VcloudVersion.ROLES_OPTIONAL)) {
      throw VcloudErrors.newMissingException("roleEntityRefs");
    }
    return request;
  }

  private static VcloudUserRequest of(
      VcdUser body, VcloudVersion version, Fields fields, @Nullable String im) {
    if (body.username() == null || body.username().isBlank()) {
      throw VcloudErrors.newMissingException("username");
    }
    return new VcloudUserRequest(
        body,
        version,
        fields,
        im,
        body.username().toLowerCase(Locale.ROOT),
        nonEmpty(body.fullName()),
        email(body),
        roles(body),
        provider(body),
        password(body));
  }

  /** Checks a new name. A name that another dialect accepted isn't checked until it changes. */
  private void checkName() {
    if (!username.codePoints().allMatch(VcloudUserRequest::isAllowed)) {
      throw VcloudErrors.newInvalidValueException(
          "The property username has characters that are not allowed.");
    }
  }

  /**
   * Returns whether a name may contain a code point: one that XML of the older API can represent,
   * and no control character.
   */
  private static boolean isAllowed(int point) {
    return !Character.isISOControl(point) && VcloudXml.isLegal(point);
  }

  private static Optional<String> nonEmpty(@Nullable String text) {
    return Optional.ofNullable(text).filter(one -> !one.isEmpty());
  }

  private static Optional<String> email(VcdUser body) {
    var email = nonEmpty(body.email());
    if (email.isPresent() && !EMAIL.matcher(email.get()).matches()) {
      throw VcloudErrors.newInvalidValueException("The property email is not an e-mail address.");
    }
    return email;
  }

  private static Optional<List<EntityReference>> roles(VcdUser body) {
    if (body.roleEntityRefs() == null) {
      return Optional.empty();
    }
    var references = body.roleEntityRefs().stream().filter(Objects::nonNull).distinct().toList();
    if (references.isEmpty()
        || references.stream().anyMatch(one -> one.id() == null && one.name() == null)) {
      throw VcloudErrors.newInvalidValueException(
          "The property roleEntityRefs must refer to at least one role.");
    }
    return Optional.of(references);
  }

  private static Optional<ProviderType> provider(VcdUser body) {
    if (body.providerType() == null) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(ProviderType.values())
            .filter(type -> type.name().equals(body.providerType()))
            .findFirst()
            .orElseThrow(
                () ->
                    VcloudErrors.newInvalidValueException(
                        "The property providerType must be one of LOCAL, LDAP, SAML, OAUTH.")));
  }

  static Optional<Password> password(VcdUser body) {
    return Optional.ofNullable(body.password())
        .map(password -> VcloudPasswords.requireValid("password", password));
  }

  ProviderType providerOrLocal() {
    return providerType.orElse(ProviderType.LOCAL);
  }

  Status status() {
    return Boolean.FALSE.equals(body.enabled()) ? Status.INACTIVE : Status.ACTIVE;
  }

  /**
   * Returns the roles that the request refers to, if any.
   *
   * @throws Failure NO_SUCH_ROLE if the organization doesn't have one of them
   */
  Optional<List<VcloudRole>> rolesIn(VcloudRoleSet all) {
    return roles.map(
        references ->
            references.stream()
                .map(
                    reference ->
                        all.find(reference).orElseThrow(() -> newNoSuchRoleException(reference)))
                .distinct()
                .toList());
  }

  /**
   * Returns the roles of a user after the request. The older API shows only the first of several
   * roles, so a request that refers to that one changes nothing.
   *
   * @param before the user's roles before
   * @throws Failure as {@link #rolesIn}
   */
  List<VcloudRole> rolesAfter(List<VcloudRole> before, VcloudRoleSet all) {
    return rolesIn(all)
        .filter(wanted -> fields != Fields.OLDER_API || !wanted.equals(List.of(before.get(0))))
        .orElse(before);
  }

  private static Failure newNoSuchRoleException(EntityReference reference) {
    return Failure.of(
        Reason.NO_SUCH_ROLE,
        Objects.requireNonNullElse(
            reference.id(), Objects.requireNonNullElse(reference.name(), "")));
  }

  /** Checks that the body refers to the organization of the request, if it refers to any. */
  void checkOrganization(Organization organization) {
    var given = body.orgEntityRef();
    var own = VcloudUserView.reference(organization);
    if (given != null
        && !(given.id() == null
            ? given.name() == null || given.name().equals(own.name())
            : given.id().equals(own.id()))) {
      throw VcloudErrors.newInvalidValueException(
          "The property orgEntityRef is not the organization of this request.");
    }
  }

  /** Checks the body against the user that it replaces. */
  void checkAgainst(User user, VcloudUrn urn, Organization organization) {
    if (body.id() != null && !VcloudUrn.parse(body.id()).equals(Optional.of(urn))) {
      throw VcloudErrors.newInvalidValueException("The property id is not the id of this user.");
    }
    checkOrganization(organization);
    var provider = VcloudProfile.of(user).provider();
    if (providerType.isPresent() && providerType.get() != provider) {
      throw VcloudErrors.newInvalidValueException("The property providerType can not be changed.");
    }
    checkPasswordOf(provider);
    if (renames(user, organization)) {
      checkName();
      if (provider != ProviderType.LOCAL
          || VcloudNames.isBuiltIn(user, organization)
          || !version.since(VcloudVersion.WITH_RENAMING)) {
        throw VcloudErrors.newInvalidValueException("The property username can not be changed.");
      }
    }
  }

  private void checkPasswordOf(ProviderType provider) {
    if (provider != ProviderType.LOCAL && password.isPresent()) {
      throw VcloudErrors.newInvalidValueException(
          "The property password must be null for a user who is not local.");
    }
  }

  /** Returns whether the request changes the name under which a user is displayed. */
  boolean renames(User user, Organization organization) {
    return !username.equalsIgnoreCase(VcloudNames.displayName(user, organization));
  }

  /**
   * Returns the profile after this request.
   *
   * @param before the profile before, of which properties that the version lacks are kept
   * @param newRoles the user's roles in the organization
   */
  VcloudProfile updatedProfile(
      VcloudProfile before, List<VcloudRole> newRoles, Organization organization) {
    var older = fields == Fields.OLDER_API;
    var quotas = older || !version.since(VcloudVersion.WITHOUT_QUOTAS);
    return new VcloudProfile(
        nonEmpty(body.description()).orElse(null),
        older || version.since(VcloudVersion.WITH_PHONE)
            ? nonEmpty(body.phone()).orElse(null)
            : before.phone(),
        providerType.orElse(before.provider()),
        quotas ? body.deployedVmQuota() : before.deployedVmQuota(),
        quotas ? body.storedVmQuota() : before.storedVmQuota(),
        before.rolesWith(organization, newRoles.stream().map(VcloudRole::key).toList()),
        fields == Fields.OLDER_API ? nonEmpty(im).orElse(null) : before.im());
  }

  /**
   * Returns whether a body has nothing but the properties of a user as they are, and a password.
   */
  static boolean changesPasswordAlone(VcdUser body, User user, VcloudRoleSet all) {
    var organization = all.organization();
    var profile = VcloudProfile.of(user);
    var roles = all.of(user).stream().map(VcloudRole::reference).toList();
    return isSame(body.username(), VcloudNames.displayName(user, organization))
        && isSame(nonEmpty(body.fullName()).orElse(null), user.fullName().orElse(null))
        && isSame(nonEmpty(body.description()).orElse(null), profile.description())
        && isSame(body.id(), VcloudUrn.of(user))
        && isSame(body.email(), user.email().orElse(null))
        && isSame(body.enabled(), user.active())
        && isSame(body.providerType(), profile.provider().name())
        && isSame(body.phone(), profile.phone())
        && (body.roleEntityRefs() == null
            || body.roleEntityRefs().stream()
                .map(one -> one == null ? null : one.id())
                .toList()
                .equals(roles.stream().map(EntityReference::id).toList()));
  }

  private static boolean isSame(@Nullable Object requested, @Nullable Object current) {
    return requested == null || requested.equals(current);
  }
}
