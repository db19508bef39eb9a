package dev.doppel.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.doppel.users.Organization;
import dev.doppel.users.TokenHash;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The properties of an organization that only this vendor has, kept as JSON in its extras.
 * Immutable.
 */
final class WorkspaceOrganizationProfile {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SLUG = "slug";
  private static final String WEB_SITE_URL = "webSiteUrl";
  private static final String PICTURE = "picture";
  private static final String INVITATIONS = "invitations";

  private final ObjectNode json;

  private WorkspaceOrganizationProfile(ObjectNode json) {
    this.json = json;
  }

  static WorkspaceOrganizationProfile of(Organization organization) {
    return of(organization.extras(WorkspaceApi.NAME));
  }

  /** Reads the extras of an organization, which may have none. */
  static WorkspaceOrganizationProfile of(Optional<String> text) {
    try {
      return new WorkspaceOrganizationProfile(
          text.isPresent() ? (ObjectNode) JSON.readTree(text.get()) : JSON.createObjectNode());
    } catch (JsonProcessingException e) {
      // Without the cause, whose message quotes the extras.
      throw new IllegalStateException("extras that this dialect did not write");
    }
  }

  private Optional<String> text(String member) {
    return Optional.of(json.path(member)).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  private WorkspaceOrganizationProfile with(String member, String value) {
    var changed = json.deepCopy();
    changed.put(member, value);
    return new WorkspaceOrganizationProfile(changed);
  }

  /** Returns the slug that was chosen for this vendor; empty if it is the one of the name. */
  Optional<String> slug() {
    return text(SLUG);
  }

  Optional<String> webSiteUrl() {
    return text(WEB_SITE_URL);
  }

  Optional<String> picture() {
    return text(PICTURE);
  }

  WorkspaceOrganizationProfile withSlug(String slug) {
    return with(SLUG, slug);
  }

  WorkspaceOrganizationProfile withWebSiteUrl(String url) {
    return with(WEB_SITE_URL, url);
  }

  WorkspaceOrganizationProfile withPicture(String picture) {
    return with(PICTURE, picture);
  }

  /** Returns the invitations in the order of their creation. */
  List<WorkspaceInvitation> invitations() {
    return StreamSupport.stream(json.path(INVITATIONS).spliterator(), false)
        .map(WorkspaceOrganizationProfile::invitation)
        .toList();
  }

  Optional<WorkspaceInvitation> find(Predicate<WorkspaceInvitation> condition) {
    return invitations().stream().filter(condition).findFirst();
  }

  /** Returns this profile with an invitation instead of the one with the same id. */
  WorkspaceOrganizationProfile with(WorkspaceInvitation invitation) {
    var others = invitations().stream().filter(one -> !one.id().equals(invitation.id()));
    return with(Stream.concat(others, Stream.of(invitation)));
  }

  WorkspaceOrganizationProfile without(WorkspaceInvitation invitation) {
    return with(invitations().stream().filter(one -> !one.id().equals(invitation.id())));
  }

  private WorkspaceOrganizationProfile with(Stream<WorkspaceInvitation> invitations) {
    var changed = json.deepCopy();
    var all = changed.putArray(INVITATIONS);
    invitations.map(WorkspaceOrganizationProfile::json).forEach(all::add);
    return new WorkspaceOrganizationProfile(changed);
  }

  private static ObjectNode json(WorkspaceInvitation invitation) {
    var json =
        JSON.createObjectNode()
            .put("id", invitation.id())
            .put("email", invitation.email())
            .put("role", invitation.role())
            .put("createdBy", invitation.createdBy())
            .put("created", invitation.created().toString())
            .put("updated", invitation.updated().toString())
            .put("token", invitation.token().hex());
    invitation.tags().forEach(json.putArray("tags")::add);
    return json;
  }

  private static WorkspaceInvitation invitation(JsonNode json) {
    return new WorkspaceInvitation(
        json.path("id").asText(),
        json.path("email").asText(),
        json.path("role").asText(),
        StreamSupport.stream(json.path("tags").spliterator(), false).map(JsonNode::asText).toList(),
        json.path("createdBy").asText(),
        Instant.parse(json.path("created").asText()),
        Instant.parse(json.path("updated").asText()),
        new TokenHash(json.path("token").asText()));
  }

  /** Returns the text to keep as the organization's extras. */
  String toJson() {
    return json.toString();
  }
}
