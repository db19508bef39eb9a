package dev.doppel.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.doppel.users.Organization;
import dev.doppel.users.User;
import dev.doppel.users.UserField;
import dev.doppel.users.UserFilter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The properties of a user that only this vendor has, kept as JSON in the user's extras. A property
 * that was never set has the default of a new account. A collaborator's properties are members of
 * their own for each organization, by which lists are filtered:
 *
 * <pre>
 *   role:&lt;organization&gt;  the collaborator's role, if it is more specific than owner or member
 *   tags:&lt;organization&gt;  the collaborator's tags, each preceded and followed by a line feed
 *   by:&lt;organization&gt;    the id of the user who added the collaborator
 * </pre>
 *
 * Immutable.
 */
final class WorkspaceProfile {

  /** The role on the platform of accounts for programs. */
  static final String SERVICE_ACCOUNT = "serviceAccount";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LANGUAGE = "language";
  private static final String NEWSLETTER = "newsletter";
  private static final String PICTURE = "picture";
  private static final String FIRST_NAME = "firstName";
  private static final String LAST_NAME = "lastName";
  private static final String ROLE = "role";
  private static final String LAST_LOGIN = "lastLogin";
  private static final String VERIFICATION = "verification";
  private static final String PENDING = "pending";
  private static final String TWO_FACTOR_SECRET = "twoFactorSecret";
  private static final String TWO_FACTOR_STEP = "twoFactorStep";
  private static final String SEPARATOR = "\n";

  private final ObjectNode json;

  private WorkspaceProfile(ObjectNode json) {
    this.json = json;
  }

  static WorkspaceProfile of(User user) {
    return of(user.extras(WorkspaceApi.NAME));
  }

  static WorkspaceProfile ofNewAccount() {
    return new WorkspaceProfile(JSON.createObjectNode());
  }

  /** Reads the extras of a user; those of a new account if there are none. */
  static WorkspaceProfile of(Optional<String> json) {
    return json.map(WorkspaceProfile::fromJson).orElseGet(WorkspaceProfile::ofNewAccount);
  }

  private static WorkspaceProfile fromJson(String text) {
    try {
      return new WorkspaceProfile((ObjectNode) JSON.readTree(text));
    } catch (JsonProcessingException e) {
      // Without the cause, whose message quotes the extras.
      throw new IllegalStateException("extras that this dialect did not write");
    }
  }

  /** Returns a filter for the users who are no service accounts. */
  static UserFilter noServiceAccounts() {
    return new UserFilter.Not(
        new UserFilter.Is(new UserField.Extra(WorkspaceApi.NAME, ROLE), SERVICE_ACCOUNT));
  }

  /** Returns a filter for the service accounts that were created in an organization. */
  static UserFilter serviceAccountsOf(Organization organization) {
    return new UserFilter.All(
        List.of(
            new UserFilter.Is(new UserField.Extra(WorkspaceApi.NAME, ROLE), SERVICE_ACCOUNT),
            new UserFilter.Is(
                new UserField.Extra(WorkspaceApi.NAME, SERVICE_ACCOUNT),
                organization.id().toString())));
  }

  static UserField role(Organization organization) {
    return new UserField.Extra(WorkspaceApi.NAME, roleMember(organization));
  }

  static UserField tags(Organization organization) {
    return new UserField.Extra(WorkspaceApi.NAME, tagsMember(organization));
  }

  /** Returns a pattern that {@link #tags} matches if this tag is one of them. */
  static String tagPattern(String tag) {
    return "*" + SEPARATOR + encode(tag) + SEPARATOR + "*";
  }

  /** Encodes a tag without the separator of tags and without {@code *}, a pattern's wildcard. */
  private static String encode(String tag) {
    return tag.replace("%", "%25").replace("*", "%2A").replace(SEPARATOR, "%0A");
  }

  private static String decode(String tag) {
    return tag.replace("%0A", SEPARATOR).replace("%2A", "*").replace("%25", "%");
  }

  private static String roleMember(Organization organization) {
    return ROLE + ":" + organization.id();
  }

  private static String tagsMember(Organization organization) {
    return "tags:" + organization.id();
  }

  private static String createdByMember(Organization organization) {
    return "by:" + organization.id();
  }

  private Optional<String> text(String member) {
    return Optional.of(json.path(member)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  private WorkspaceProfile with(String member, String value) {
    var changed = json.deepCopy();
    changed.put(member, value);
    return new WorkspaceProfile(changed);
  }

  private WorkspaceProfile without(String member) {
    var changed = json.deepCopy();
    changed.remove(member);
    return new WorkspaceProfile(changed);
  }

  /** Returns whether the language was set, so that it is no default. */
  boolean hasLanguage() {
    return json.has(LANGUAGE);
  }

  /** Returns whether the newsletter was accepted or declined, so that it is no default. */
  boolean hasNewsletter() {
    return json.has(NEWSLETTER);
  }

  String language() {
    return text(LANGUAGE).orElse("en");
  }

  boolean newsletter() {
    return json.path(NEWSLETTER).asBoolean(false);
  }

  Optional<String> picture() {
    return text(PICTURE);
  }

  Optional<String> firstName() {
    return text(FIRST_NAME);
  }

  Optional<String> lastName() {
    return text(LAST_NAME);
  }

  /**
   * Returns the role on the platform of a user who isn't an administrator; {@code user} by default.
   */
  String role() {
    return text(ROLE).orElse("user");
  }

  boolean isServiceAccount() {
    return role().equals(SERVICE_ACCOUNT);
  }

  /** Returns whether this is a service account that was created in the organization. */
  boolean isServiceAccountOf(Organization organization) {
    return isServiceAccount()
        && text(SERVICE_ACCOUNT).equals(Optional.of(organization.id().toString()));
  }

  /**
   * Returns whether a user is a service account that belongs to its organization no more, which
   * another dialect may have deleted.
   */
  static boolean isServiceAccountOfNone(User user) {
    var profile = of(user);
    return profile.isServiceAccount()
        && profile
            .text(SERVICE_ACCOUNT)
            .filter(
                id ->
                    user.memberships().keySet().stream()
                        .noneMatch(organization -> organization.toString().equals(id)))
            .isPresent();
  }

  /** Returns when the user signed in last. */
  Optional<Instant> lastLogin() {
    return text(LAST_LOGIN).map(Instant::parse);
  }

  /** Returns whether the user registered and has not followed the link of a mail since. */
  boolean isPending() {
    return text(VERIFICATION).equals(Optional.of(PENDING));
  }

  String verificationStatus() {
    return isPending() ? PENDING : "verified";
  }

  /** Returns the secret of the second factor, as the client got it; empty if there is none. */
  Optional<String> twoFactorSecret() {
    return text(TWO_FACTOR_SECRET);
  }

  /** Returns the time step of the last code that a sign-in used. */
  OptionalLong twoFactorStep() {
    var step = json.path(TWO_FACTOR_STEP);
    return step.isIntegralNumber() ? OptionalLong.of(step.asLong()) : OptionalLong.empty();
  }

  /** Returns the id of the user who added the collaborator, if it was added by this dialect. */
  Optional<String> createdBy(Organization organization) {
    return text(createdByMember(organization));
  }

  Optional<String> collaboratorRole(Organization organization) {
    return text(roleMember(organization));
  }

  List<String> collaboratorTags(Organization organization) {
    return text(tagsMember(organization)).stream()
        .flatMap(text -> Arrays.stream(text.split(SEPARATOR)))
        .filter(tag -> !tag.isEmpty())
        .map(WorkspaceProfile::decode)
        .toList();
  }

  WorkspaceProfile withLanguage(String language) {
    return with(LANGUAGE, language);
  }

  WorkspaceProfile withNewsletter(boolean newsletter) {
    var changed = json.deepCopy();
    changed.put(NEWSLETTER, newsletter);
    return new WorkspaceProfile(changed);
  }

  WorkspaceProfile withPicture(String picture) {
    return with(PICTURE, picture);
  }

  WorkspaceProfile withNames(String first, String last) {
    return with(FIRST_NAME, first).with(LAST_NAME, last);
  }

  WorkspaceProfile withRole(String role) {
    return with(ROLE, role);
  }

  WorkspaceProfile asServiceAccountOf(Organization organization) {
    return with(ROLE, SERVICE_ACCOUNT).with(SERVICE_ACCOUNT, organization.id().toString());
  }

  WorkspaceProfile withLastLogin(Instant time) {
    return with(LAST_LOGIN, time.toString());
  }

  WorkspaceProfile pending() {
    return with(VERIFICATION, PENDING);
  }

  WorkspaceProfile verified() {
    return without(VERIFICATION);
  }

  WorkspaceProfile withTwoFactorSecret(String secret) {
    return with(TWO_FACTOR_SECRET, secret);
  }

  WorkspaceProfile withoutTwoFactorSecret() {
    return without(TWO_FACTOR_SECRET).without(TWO_FACTOR_STEP);
  }

  WorkspaceProfile withTwoFactorStep(long step) {
    var changed = json.deepCopy();
    changed.put(TWO_FACTOR_STEP, step);
    return new WorkspaceProfile(changed);
  }

  WorkspaceProfile withCreatedBy(Organization organization, User creator) {
    return with(createdByMember(organization), WorkspaceId.of(creator));
  }

  WorkspaceProfile withCreatedBy(Organization organization, String id) {
    return with(createdByMember(organization), id);
  }

  /** Returns this profile without what it has about an organization. */
  WorkspaceProfile without(Organization organization) {
    return without(roleMember(organization))
        .without(tagsMember(organization))
        .without(createdByMember(organization));
  }

  WorkspaceProfile withCollaboratorRole(Organization organization, String role) {
    return with(roleMember(organization), role);
  }

  WorkspaceProfile withoutCollaboratorRole(Organization organization) {
    return without(roleMember(organization));
  }

  WorkspaceProfile withCollaboratorTags(Organization organization, List<String> tags) {
    return tags.isEmpty()
        ? without(tagsMember(organization))
        : with(
            tagsMember(organization),
            tags.stream()
                .map(WorkspaceProfile::encode)
                .collect(Collectors.joining(SEPARATOR, SEPARATOR, SEPARATOR)));
  }

  /** Returns the text to keep as the user's extras. */
  String toJson() {
    return json.toString();
  }
}
