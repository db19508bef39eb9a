package dev.doppel.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.doppel.users.Organization;
import dev.doppel.users.User;
import dev.doppel.users.UserField;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What this vendor alone knows of a user; what was never set has the value that it has in a fresh
 * account. What it is to an organisation stands in members of its own, by which lists are filtered:
 *
 * <pre>
 *   role:&lt;organisation&gt;  a collaborator's role, where it says more than owner or member
 *   tags:&lt;organisation&gt;  its tags, each behind and before a line feed
 * </pre>
 */
final class WorkspaceProfile {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LANGUAGE = "language";
  private static final String NEWSLETTER = "newsletter";
  private static final String PICTURE = "picture";
  private static final String FIRST_NAME = "firstName";
  private static final String LAST_NAME = "lastName";
  private static final String ROLE = "role";
  private static final String SEPARATOR = "\n";

  private final ObjectNode json;

  private WorkspaceProfile(ObjectNode json) {
    this.json = json;
  }

  static WorkspaceProfile of(User user) {
    return user.extras(WorkspaceApi.NAME)
        .map(WorkspaceProfile::read)
        .orElseGet(WorkspaceProfile::fresh);
  }

  static WorkspaceProfile fresh() {
    return new WorkspaceProfile(JSON.createObjectNode());
  }

  private static WorkspaceProfile read(String text) {
    try {
      return new WorkspaceProfile((ObjectNode) JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("extras that this dialect did not write");
    }
  }

  static UserField role(Organization organization) {
    return new UserField.Extra(WorkspaceApi.NAME, roleIn(organization));
  }

  static UserField tags(Organization organization) {
    return new UserField.Extra(WorkspaceApi.NAME, tagsIn(organization));
  }

  /** A pattern of {@link #tags} that one of them fits. */
  static String havingTag(String tag) {
    return "*" + SEPARATOR + kept(tag) + SEPARATOR + "*";
  }

  /** Without what separates tags, and without what stands for any text in a pattern. */
  private static String kept(String tag) {
    return tag.replace("%", "%25").replace("*", "%2A").replace(SEPARATOR, "%0A");
  }

  private static String shown(String kept) {
    return kept.replace("%0A", SEPARATOR).replace("%2A", "*").replace("%25", "%");
  }

  private static String roleIn(Organization organization) {
    return ROLE + ":" + organization.id();
  }

  private static String tagsIn(Organization organization) {
    return "tags:" + organization.id();
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

  /** Whether the user said anything about it. */
  boolean saysLanguage() {
    return json.has(LANGUAGE);
  }

  /** As above. */
  boolean saysNewsletter() {
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

  /** The platform's role of somebody who doesn't look after all: user, or what says less. */
  String role() {
    return text(ROLE).orElse("user");
  }

  Optional<String> collaboratorRole(Organization organization) {
    return text(roleIn(organization));
  }

  List<String> collaboratorTags(Organization organization) {
    return text(tagsIn(organization)).stream()
        .flatMap(text -> Arrays.stream(text.split(SEPARATOR)))
        .filter(tag -> !tag.isEmpty())
        .map(WorkspaceProfile::shown)
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

  WorkspaceProfile withCollaboratorRole(Organization organization, String role) {
    return with(roleIn(organization), role);
  }

  WorkspaceProfile withoutCollaboratorRole(Organization organization) {
    return without(roleIn(organization));
  }

  WorkspaceProfile withCollaboratorTags(Organization organization, List<String> tags) {
    return tags.isEmpty()
        ? without(tagsIn(organization))
        : with(
            tagsIn(organization),
            tags.stream()
                .map(WorkspaceProfile::kept)
                .collect(Collectors.joining(SEPARATOR, SEPARATOR, SEPARATOR)));
  }

  String json() {
    return json.toString();
  }
}
