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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The vendor's form of ids, {@code urn:vcloud:<type>:<uuid>}. Immutable. A UUID of version 8
 * contains the 64 bits {@code i} of our own id, so that no table is needed:
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

  /** The types that are not in lower case, by their lower-case form. */
  private static final Map<String, String> MIXED_CASE =
      Stream.of("globalRole", "rightsBundle", "rightsCategory", "serviceAccount")
          .collect(
              Collectors.toUnmodifiableMap(type -> type.toLowerCase(Locale.ROOT), type -> type));

  private static final String USER = "user";
  private static final String ORG = "org";
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final int RANDOM_BYTES = 16;

  /** The URN of the provider's organization, the same in every installation of the product. */
  static final VcloudUrn SYSTEM =
      new VcloudUrn(ORG, UUID.fromString("a93c9db9-7471-3192-8d09-a8f7eeda85f9"));

  static Optional<VcloudUrn> parse(String text) {
    var matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(new VcloudUrn(type(matcher.group(1)), UUID.fromString(matcher.group(2))))
        : Optional.empty();
  }

  private static String type(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    return MIXED_CASE.getOrDefault(lower, lower);
  }

  /**
   * Parses a URN of this type.
   *
   * @throws Failure INVALID_ID if the text is not a URN of this type
   */
  static VcloudUrn require(String text, String type) {
    return parse(text)
        .filter(urn -> urn.type.equalsIgnoreCase(type))
        .map(urn -> new VcloudUrn(type, urn.uuid)) // in the vendor's case, such as serviceAccount
        .orElseThrow(
            () ->
                Failure.of(
                    Reason.INVALID_ID,
                    "The value '" + text + "' is not a URN of type " + type + "."));
  }

  /** Returns whether a text is a URN, in any case. */
  static boolean isSame(String text, VcloudUrn urn) {
    return parse(text)
        .filter(other -> other.type.equalsIgnoreCase(urn.type) && other.uuid.equals(urn.uuid))
        .isPresent();
  }

  /** Parses the URN of a user; empty if the text is not one. */
  static Optional<VcloudUrn> parseUser(String text) {
    return parse(text).filter(urn -> urn.type.equals(USER));
  }

  /** Returns the URN of a user: that of its alias if it was imported, else that of its id. */
  static String of(User user) {
    return user.alias(VcloudApi.NAME).orElseGet(() -> of(user.id()));
  }

  static String of(UserId id) {
    return new VcloudUrn(USER, encode(id.value())).toString();
  }

  /** Returns the URN of an organization: that of its alias if imported, else that of its id. */
  static VcloudUrn of(Organization organization) {
    return isProvider(organization)
        ? SYSTEM
        : organization
            .alias(VcloudApi.NAME)
            .flatMap(VcloudUrn::parse)
            .orElseGet(() -> new VcloudUrn(ORG, encode(organization.id().value())));
  }

  /** Returns whether an organization is the provider's, which has the URN {@link #SYSTEM}. */
  static boolean isProvider(Organization organization) {
    return organization.kind() == Organization.Kind.SYSTEM;
  }

  /** Returns a random UUID for a session, a task or an API client, which can't be guessed. */
  static UUID newUuid(Secrets secrets) {
    return UUID.nameUUIDFromBytes(secrets.bytes(RANDOM_BYTES));
  }

  /** Returns a URN derived from a name, as the product has for its built-in entities. */
  static VcloudUrn named(String type, String name) {
    return new VcloudUrn(type, UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
  }

  private static UUID encode(long id) {
    return new UUID((id & ~0xFFFFL) | 0x8000L | ((id >>> 4) & 0xFFFL), VARIANT | (id & 0xFL));
  }

  /** Returns our own id of a user, if the UUID contains one. */
  Optional<UserId> userId() {
    return decode().map(UserId::new);
  }

  /** Returns our own id of an organization, if the UUID contains one. */
  Optional<OrganizationId> organizationId() {
    return decode().map(OrganizationId::new);
  }

  private Optional<Long> decode() {
    var high = uuid.getMostSignificantBits();
    var low = uuid.getLeastSignificantBits();
    var id = (high & ~0xFFFFL) | ((high & 0xFFFL) << 4) | (low & 0xFL);
    return id != 0 && encode(id).equals(uuid) ? Optional.of(id) : Optional.empty();
  }

  @Override
  public String toString() {
    return "urn:vcloud:" + type + ":" + uuid;
  }
}
