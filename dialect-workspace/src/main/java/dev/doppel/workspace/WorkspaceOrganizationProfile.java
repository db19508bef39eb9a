package dev.doppel.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.doppel.users.Organization;
import java.util.Optional;

/**
 * The properties of an organization that only this vendor has, kept as JSON in its extras.
 * Immutable.
 */
final class WorkspaceOrganizationProfile {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SLUG = "slug";
  private static final String WEB_SITE_URL = "webSiteUrl";
  private static final String PICTURE = "picture";

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

  /** Returns the text to keep as the organization's extras. */
  String toJson() {
    return json.toString();
  }
}
