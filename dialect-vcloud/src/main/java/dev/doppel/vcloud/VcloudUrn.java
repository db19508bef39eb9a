package dev.doppel.vcloud;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Secrets;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * {@code urn:vcloud:<type>:<uuid>}. A UUID of version 8 carries our 64 bits, so no table is needed:
 *
 * <pre>
 *   iiiiiiii-iiii-8iii-8000-00000000000i
 * </pre>
 */
record VcloudUrn(String type, UUID uuid) {

  private static final Pattern FORM =
      Pattern.compile(
          "urn:vcloud:([a-z]+):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
          Pattern.CASE_INSENSITIVE);
  private static final String USER = "user";
  private static final String ORG = "org";
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final int RANDOM_BYTES = 16;

  /** The same in every installation of the product. */
  static final VcloudUrn SYSTEM =
      new VcloudUrn(ORG, UUID.fromString("a93c9db9-7471-3192-8d09-a8f7eeda85f9"));

  static Optional<VcloudUrn> parse(String text) {
    var matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new VcloudUrn(
                matcher.group(1).toLowerCase(Locale.ROOT), UUID.fromString(matcher.group(2))))
        : Optional.empty();
  }

  /** The URN of this type that a client must give here; INVALID_ID if the text is none. */
  static VcloudUrn required(String text, String type) {
    return parse(text)
        .filter(urn -> urn.type.equals(type))
        .orElseThrow(
            () ->
                Failure.of(
                    Reason.INVALID_ID,
                    "The value '" + text + "' is not a URN of type " + type + "."));
  }

  /** The URN of a user, if the text is one. */
  static Optional<VcloudUrn> parseUser(String text) {
    return parse(text).filter(urn -> urn.type.equals(USER));
  }

  /** An imported user keeps the URN it came with. */
  static String of(User user) {
    return user.alias(VcloudApi.NAME).orElseGet(() -> of(user.id()));
  }

  static String of(UserId id) {
    return new VcloudUrn(USER, carrying(id.value())).toString();
  }

  /** An imported organization keeps the URN it came with. */
  static VcloudUrn of(Organization organization) {
    return isProvider(organization)
        ? SYSTEM
        : organization
            .alias(VcloudApi.NAME)
            .flatMap(VcloudUrn::parse)
            .orElseGet(() -> new VcloudUrn(ORG, carrying(organization.id().value())));
  }

  /** Returns whether an organization is the provider's, which has the URN {@link #SYSTEM}. */
  static boolean isProvider(Organization organization) {
    return organization.kind() == Organization.Kind.SYSTEM;
  }

  /** Returns a random UUID for a session, a task or an API client, which can't be guessed. */
  static UUID newUuid(Secrets secrets) {
    return UUID.nameUUIDFromBytes(secrets.bytes(RANDOM_BYTES));
  }

  /** A UUID that is made of a name, as the product does for what it ships with. */
  static VcloudUrn named(String type, String name) {
    return new VcloudUrn(type, UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
  }

  private static UUID carrying(long id) {
    return new UUID((id & ~0xFFFFL) | 0x8000L | ((id >>> 4) & 0xFFFL), VARIANT | (id & 0xFL));
  }

  /** Our own id, if the UUID carries one. */
  Optional<UserId> userId() {
    return carried().map(UserId::new);
  }

  /** As {@link #userId}, for an organisation. */
  Optional<OrganizationId> organizationId() {
    return carried().map(OrganizationId::new);
  }

  private Optional<Long> carried() {
    var high = uuid.getMostSignificantBits();
    var low = uuid.getLeastSignificantBits();
    var id = (high & ~0xFFFFL) | ((high & 0xFFFL) << 4) | (low & 0xFL);
    return id != 0 && carrying(id).equals(uuid) ? Optional.of(id) : Optional.empty();
  }

  @Override
  public String toString() {
    return "urn:vcloud:" + type + ":" + uuid;
  }
}
