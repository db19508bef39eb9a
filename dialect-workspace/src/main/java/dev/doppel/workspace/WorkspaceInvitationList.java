package dev.doppel.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.TokenHash;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The invitations to an organization, in the order of their creation, kept as JSON in extras of
 * their own: only the operations on invitations read them. Immutable.
 */
final class WorkspaceInvitationList {

  /** The key of the extras, which is no dialect's name. */
  private static final String KEY = WorkspaceApi.NAME + "-invitations";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<WorkspaceInvitation> all;

  private WorkspaceInvitationList(Stream<WorkspaceInvitation> all) {
    this.all = all.toList();
  }

  static WorkspaceInvitationList of(Organization organization) {
    return of(organization.extras(KEY));
  }

  private static WorkspaceInvitationList of(Optional<String> text) {
    try {
      var json = text.isPresent() ? JSON.readTree(text.get()) : JSON.createArrayNode();
      return new WorkspaceInvitationList(
          StreamSupport.stream(json.spliterator(), false).map(WorkspaceInvitationList::decode));
    } catch (JsonProcessingException e) {
      // Without the cause, whose message quotes the extras.
      throw new IllegalStateException("extras that this dialect did not write");
    }
  }

  /** Returns those of the organizations to which there may be an invitation with this token. */
  static Stream<Organization> mayHave(TokenHash token, List<Organization> organizations) {
    // Finds the hash in the text, since parsing all invitations takes long.
    return organizations.stream()
        .filter(one -> one.extras(KEY).filter(text -> text.contains(token.hex())).isPresent());
  }

  /** Changes the invitations to an organization. */
  static Future<Organization> update(
      Realm now, Organization organization, UnaryOperator<WorkspaceInvitationList> change) {
    return now.organizations()
        .updateExtras(organization.id(), KEY, text -> change.apply(of(text)).encode());
  }

  List<WorkspaceInvitation> all() {
    return all;
  }

  Optional<WorkspaceInvitation> find(Predicate<WorkspaceInvitation> condition) {
    return all.stream().filter(condition).findFirst();
  }

  /** Returns this list with an invitation instead of the one with the same id. */
  WorkspaceInvitationList with(WorkspaceInvitation invitation) {
    return new WorkspaceInvitationList(
        Stream.concat(without(invitation).all.stream(), Stream.of(invitation)));
  }

  WorkspaceInvitationList without(WorkspaceInvitation invitation) {
    return new WorkspaceInvitationList(
        all.stream().filter(one -> !one.id().equals(invitation.id())));
  }

  private String encode() {
    var json = JSON.createArrayNode();
    all.stream().map(WorkspaceInvitationList::encode).forEach(json::add);
    return json.toString();
  }

  private static ObjectNode encode(WorkspaceInvitation invitation) {
    var json =
        JSON.createObjectNode()
            .put("id", invitation.id())
            .put("email", invitation.email())
            .put("role", invitation.role())
            .put("createdBy", invitation.createdBy())
            .put("created", invitation.created().toString())
            .put("updated", invitation.updated().toString())
            .put("sentBy", invitation.sentBy())
            .put("token", invitation.token().hex());
    invitation.tags().forEach(json.putArray("tags")::add);
    return json;
  }

  private static WorkspaceInvitation decode(JsonNode json) {
    return new WorkspaceInvitation(
        json.path("id").asText(),
        json.path("email").asText(),
        json.path("role").asText(),
        StreamSupport.stream(json.path("tags").spliterator(), false).map(JsonNode::asText).toList(),
        json.path("createdBy").asText(),
        Instant.parse(json.path("created").asText()),
        Instant.parse(json.path("updated").asText()),
        json.path("sentBy").asText(),
        new TokenHash(json.path("token").asText()));
  }
}
