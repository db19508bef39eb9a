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
 * A {@code VcdUser} that a client sent and that makes sense by itself. What is wrong with it is
 * INVALID_VALUE.
 *
 * @param username in lower case, as the product keeps names
 * @param roles empty if the request leaves them as they are
 * @param providerType empty if the request doesn't say
 */
record VcloudUserRequest(
    VcdUser body,
    VcloudVersion version,
    String username,
    Optional<String> fullName,
    Optional<String> email,
    Optional<List<EntityReference>> roles,
    Optional<ProviderType> providerType,
    Optional<Password> password) {

  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");

  static VcloudUserRequest toCreate(VcdUser body, VcloudVersion version) {
    var request = of(body, version);
    var local = request.providerOrLocal() == ProviderType.LOCAL;
    if (request.roles.isEmpty() && (local || !version.since(VcloudVersion.ROLES_OPTIONAL))) {
      throw VcloudErrors.missing("roleEntityRefs");
    }
    if (local && request.password.isEmpty()) {
      throw VcloudErrors.missing("password");
    }
    request.checkPasswordOf(request.providerOrLocal());
    request.checkName();
    return request;
  }

  static VcloudUserRequest toReplace(VcdUser body, VcloudVersion version) {
    var request = of(body, version);
    if (request.roles.isEmpty() && !version.since(VcloudVersion.ROLES_OPTIONAL)) {
      throw VcloudErrors.missing("roleEntityRefs");
    }
    return request;
  }

  private static VcloudUserRequest of(VcdUser body, VcloudVersion version) {
    if (body.username() == null || body.username().isBlank()) {
      throw VcloudErrors.missing("username");
    }
    return new VcloudUserRequest(
        body,
        version,
        body.username().toLowerCase(Locale.ROOT),
        said(body.fullName()),
        email(body),
        roles(body),
        provider(body),
        password(body));
  }

  /** What other vendors let in as a name is not asked for, as long as it stays. */
  private void checkName() {
    if (!username.codePoints().allMatch(VcloudUserRequest::isPrinted)) {
      throw VcloudErrors.bad("The property username has characters that are not allowed.");
    }
  }

  /**
   * No control character and no half of a surrogate pair: the older API's XML has no way to say it.
   */
  private static boolean isPrinted(int point) {
    return !Character.isISOControl(point) && Character.getType(point) != Character.SURROGATE;
  }

  private static Optional<String> said(@Nullable String text) {
    return Optional.ofNullable(text).filter(one -> !one.isEmpty());
  }

  private static Optional<String> email(VcdUser body) {
    var email = said(body.email());
    if (email.isPresent() && !EMAIL.matcher(email.get()).matches()) {
      throw VcloudErrors.bad("The property email is not an e-mail address.");
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
      throw VcloudErrors.bad("The property roleEntityRefs must refer to at least one role.");
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
                    VcloudErrors.bad(
                        "The property providerType must be one of LOCAL, LDAP, SAML, OAUTH.")));
  }

  static Optional<Password> password(VcdUser body) {
    return Optional.ofNullable(body.password())
        .map(password -> VcloudPasswords.withinLimits("password", password));
  }

  ProviderType providerOrLocal() {
    return providerType.orElse(ProviderType.LOCAL);
  }

  Status status() {
    return Boolean.FALSE.equals(body.enabled()) ? Status.INACTIVE : Status.ACTIVE;
  }

  /** The roles that are referred to. INVALID_REFERENCE for one that the organisation hasn't. */
  Optional<List<VcloudRole>> rolesIn(Organization organization) {
    return roles.map(
        references ->
            references.stream()
                .map(
                    reference ->
                        VcloudRole.referredTo(reference, organization)
                            .orElseThrow(() -> noSuchRole(reference)))
                .distinct()
                .toList());
  }

  private static Failure noSuchRole(EntityReference reference) {
    return Failure.of(
        Reason.NO_SUCH_ROLE,
        Objects.requireNonNullElse(
            reference.id(), Objects.requireNonNullElse(reference.name(), "")));
  }

  /** The organisation is that of the request, so naming another is a mistake. */
  void checkOrganization(Organization organization) {
    var given = body.orgEntityRef();
    var own = VcloudUserView.reference(organization);
    if (given != null
        && !(given.id() == null
            ? given.name() == null || given.name().equals(own.name())
            : given.id().equals(own.id()))) {
      throw VcloudErrors.bad("The property orgEntityRef is not the organization of this request.");
    }
  }

  /** What can't be said of this user, though of another it could. */
  void checkAgainst(User user, VcloudUrn urn, Organization organization) {
    if (body.id() != null && !VcloudUrn.parse(body.id()).equals(Optional.of(urn))) {
      throw VcloudErrors.bad("The property id is not the id of this user.");
    }
    checkOrganization(organization);
    var provider = VcloudProfile.of(user).provider();
    if (providerType.isPresent() && providerType.get() != provider) {
      throw VcloudErrors.bad("The property providerType can not be changed.");
    }
    checkPasswordOf(provider);
    if (renames(user, organization)) {
      checkName();
      if (provider != ProviderType.LOCAL || !version.since(VcloudVersion.WITH_RENAMING)) {
        throw VcloudErrors.bad("The property username can not be changed.");
      }
    }
  }

  private void checkPasswordOf(ProviderType provider) {
    if (provider != ProviderType.LOCAL && password.isPresent()) {
      throw VcloudErrors.bad("The property password must be null for a user who is not local.");
    }
  }

  boolean renames(User user, Organization organization) {
    return !username.equalsIgnoreCase(VcloudNames.shown(user, organization));
  }

  /** What this vendor keeps of the user, whatever it kept before. */
  VcloudProfile profileOver(
      VcloudProfile before, List<VcloudRole> given, Organization organization) {
    var quotas = !version.since(VcloudVersion.WITHOUT_QUOTAS);
    return new VcloudProfile(
        said(body.description()).orElse(null),
        version.since(VcloudVersion.WITH_PHONE) ? said(body.phone()).orElse(null) : before.phone(),
        providerType.orElse(before.provider()),
        quotas ? body.deployedVmQuota() : before.deployedVmQuota(),
        quotas ? body.storedVmQuota() : before.storedVmQuota(),
        before.rolesWith(organization, given.stream().map(VcloudRole::name).toList()));
  }

  /** Whether a body says of the user what is so already, and a password. */
  static boolean changesPasswordAlone(VcdUser body, User user, Organization organization) {
    var profile = VcloudProfile.of(user);
    var roles = VcloudRole.of(user, organization).stream().map(VcloudRole::reference).toList();
    return same(body.username(), VcloudNames.shown(user, organization))
        && same(said(body.fullName()).orElse(null), user.fullName().orElse(null))
        && same(said(body.description()).orElse(null), profile.description())
        && same(body.id(), VcloudUrn.of(user))
        && same(body.email(), user.email().orElse(null))
        && same(body.enabled(), user.active())
        && same(body.providerType(), profile.provider().name())
        && same(body.phone(), profile.phone())
        && (body.roleEntityRefs() == null
            || body.roleEntityRefs().stream()
                .map(one -> one == null ? null : one.id())
                .toList()
                .equals(roles.stream().map(EntityReference::id).toList()));
  }

  private static boolean same(@Nullable Object given, @Nullable Object own) {
    return given == null || given.equals(own);
  }
}
