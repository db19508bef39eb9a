package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.workspace.WorkspaceOrganizations.Managed;
import dev.doppel.workspace.WorkspaceWire.Deleted;
import dev.doppel.workspace.WorkspaceWire.Done;
import dev.doppel.workspace.WorkspaceWire.InvitationView;
import dev.doppel.workspace.WorkspaceWire.NewCollaborator;
import dev.doppel.workspace.WorkspaceWire.Success;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Invitations to an organization by mail. The vendor documents their form for applications alone;
 * the operations on those of organizations are inferred.
 *
 * <p>No answer tells whether an invited address has an account. The account becomes a collaborator
 * when it is signed in and sends the token of the mail back.
 */
final class WorkspaceInvitations {

  /** The maximum number of invitations of an organization that are neither accepted nor revoked. */
  private static final int MAX_INVITATIONS = 100;

  private static final int MAX_EMAIL_LENGTH = 256;

  private final Realm realm;
  private final WorkspaceMails mails;

  WorkspaceInvitations(Realm realm, WorkspaceMails mails) {
    this.realm = realm;
    this.mails = mails;
  }

  Future<Reply> list(Call call) {
    var query = WorkspaceQuery.of(call);
    var email = WorkspaceQuery.text(call, "email", MAX_EMAIL_LENGTH);
    return WorkspaceOrganizations.requireManaged(realm, call)
        .map(
            managed -> {
              var organization = managed.organization();
              var found =
                  WorkspaceInvitationList.of(organization).all().stream()
                      .filter(one -> email.filter(text -> !contains(one, text)).isEmpty())
                      .sorted(order(query))
                      .toList();
              var page =
                  query.pageOf(found).stream()
                      .map(one -> InvitationView.of(one, organization))
                      .toList();
              return Reply.ok(Success.of(query.toPaged(page, found.size())));
            });
  }

  private static boolean contains(WorkspaceInvitation invitation, String text) {
    return invitation.email().contains(text.toLowerCase(Locale.ROOT));
  }

  private static Comparator<WorkspaceInvitation> order(WorkspaceQuery query) {
    Comparator<WorkspaceInvitation> order =
        switch (query.property()) {
          case "email" -> Comparator.comparing(WorkspaceInvitation::email);
          case "role" -> Comparator.comparing(WorkspaceInvitation::role);
          case "updatedAt" -> Comparator.comparing(WorkspaceInvitation::updated);
          default -> Comparator.comparing(WorkspaceInvitation::id);
        };
    return query.descending() ? order.reversed() : order;
  }

  /** Sends an invitation, or one that was sent before again. */
  Future<Reply> create(Call call) {
    // Checked before the body is read, and again in the change.
    return WorkspaceOrganizations.requireManaged(realm, call)
        .compose(managed -> send(call, call.body(NewCollaborator.class)))
        .map(view -> Reply.ok(Success.of(view)));
  }

  /**
   * Sends an invitation. Fails with the vendor's 4007 within a minute after one to the same
   * address, and with its 5003 if there are too many.
   */
  Future<InvitationView> send(Call call, NewCollaborator body) {
    var email = body.email().toLowerCase(Locale.ROOT);
    return send(
        call,
        (now, by, token) -> {
          var invitations = WorkspaceInvitationList.of(by.organization());
          var before = invitations.find(one -> one.email().equals(email));
          if (before.isEmpty() && invitations.all().size() >= MAX_INVITATIONS) {
            throw WorkspaceErrors.LIMIT_EXCEEDED.newException(Reason.INVALID_VALUE);
          }
          var role = Objects.requireNonNullElse(body.role(), WorkspaceRole.UNASSIGNED);
          var tags = Objects.requireNonNullElse(body.tags(), List.<String>of());
          return before
              .map(one -> one.with(role, tags))
              .orElseGet(() -> newInvitation(now, by, email, role, tags, token));
        });
  }

  private static WorkspaceInvitation newInvitation(
      Realm now, Managed by, String email, String role, List<String> tags, TokenHash token) {
    var time = now.clock().instant().truncatedTo(ChronoUnit.MICROS);
    return new WorkspaceInvitation(
        WorkspaceId.of(now.ids().next()),
        email,
        role,
        tags,
        WorkspaceId.of(by.caller()),
        time,
        Instant.EPOCH, // not sent yet
        WorkspaceId.of(by.caller()),
        token);
  }

  /** Sends the invitation in the path again; the token of the earlier mail ends. */
  Future<Reply> resend(Call call) {
    // Checked before the mail is counted, and again in the change.
    return WorkspaceOrganizations.requireManaged(realm, call)
        .map(by -> require(by.organization(), call))
        .compose(found -> send(call, (now, by, token) -> require(by.organization(), call)))
        .map(view -> Reply.ok(Success.of(new Done(true, "Invitation sent"))));
  }

  private static WorkspaceInvitation require(Organization organization, Call call) {
    var id = call.parameter("invitationId").toLowerCase(Locale.ROOT);
    return WorkspaceInvitationList.of(organization)
        .find(one -> one.id().equals(id))
        .orElseThrow(() -> Failure.of(Reason.INVALID_ID, id));
  }

  Future<Reply> revoke(Call call) {
    return realm
        .change(
            now ->
                WorkspaceOrganizations.requireManaged(now, call)
                    .compose(
                        by -> remove(now, by.organization(), require(by.organization(), call))))
        .map(removed -> Reply.ok(Success.of(Deleted.OK)));
  }

  private static Future<Organization> remove(
      Realm now, Organization organization, WorkspaceInvitation invitation) {
    return WorkspaceInvitationList.update(now, organization, all -> all.without(invitation));
  }

  /** Chooses the invitation to send, in a change. */
  @FunctionalInterface
  private interface Choice {
    WorkspaceInvitation of(Realm now, Managed by, TokenHash token);
  }

  private Future<InvitationView> send(Call call, Choice choice) {
    var token = WorkspaceMails.newSecret(realm);
    var hash = TokenHash.of(token);
    return realm
        .users()
        .admitMail(call.address())
        .compose(
            admitted ->
                realm.change(
                    now ->
                        WorkspaceOrganizations.requireManaged(now, call)
                            .compose(by -> store(now, by, choice.of(now, by, hash), hash))))
        .compose(sent -> mail(sent, token));
  }

  private record Sent(Organization organization, WorkspaceInvitation invitation) {}

  private static Future<Sent> store(
      Realm now, Managed by, WorkspaceInvitation chosen, TokenHash token) {
    var time = now.clock().instant().truncatedTo(ChronoUnit.MICROS);
    var organization = by.organization();
    if (isRecent(chosen, time)) {
      throw WorkspaceErrors.REPEATED_TOO_SOON.newException(Reason.OVERLOADED);
    }
    var invitation = chosen.sentAgain(time, WorkspaceId.of(by.caller()), token);
    return WorkspaceInvitationList.update(now, organization, all -> all.with(invitation))
        .map(stored -> new Sent(stored, invitation));
  }

  private static boolean isRecent(WorkspaceInvitation invitation, Instant now) {
    return !now.isBefore(invitation.updated())
        && now.isBefore(invitation.updated().plus(WorkspaceMails.INTERVAL));
  }

  private Future<InvitationView> mail(Sent sent, String token) {
    var email = sent.invitation.email();
    return WorkspaceAddress.find(realm.users(), email)
        .map(
            user -> {
              mails.sendInvitation(sent.organization, email, user, token);
              return InvitationView.of(sent.invitation, sent.organization);
            });
  }

  /**
   * Makes an account a collaborator by the token of an invitation to its address, which counts as
   * verified. Fails with BAD_CREDENTIALS if the token is unknown, if the invitation is for another
   * address, or if its sender may no longer invite.
   *
   * @param user the account that the client has proved to be
   */
  static Future<User> accept(Realm now, String token, User user) {
    var hash = TokenHash.of(token);
    var time = now.clock().instant();
    return now.organizations()
        .list()
        .compose(
            all ->
                WorkspaceInvitationList.mayHave(hash, all)
                    .flatMap(organization -> find(organization, hash, time, user).stream())
                    .findFirst()
                    .map(found -> join(now, found.organization, found.invitation, user))
                    .orElseGet(() -> Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS))));
  }

  private static Optional<Sent> find(
      Organization organization, TokenHash token, Instant time, User user) {
    return WorkspaceInvitationList.of(organization)
        .find(one -> one.isAcceptedBy(token, time) && isFor(one, user))
        .map(invitation -> new Sent(organization, invitation));
  }

  private static boolean isFor(WorkspaceInvitation invitation, User user) {
    return WorkspaceAddress.of(user).filter(invitation.email()::equalsIgnoreCase).isPresent();
  }

  private static Future<Void> requireRightToInvite(
      Realm now, Organization organization, String id) {
    return WorkspaceId.find(now.users(), id)
        .recover(Failure.replacing(Reason.NO_SUCH_USER, Reason.BAD_CREDENTIALS))
        .compose(
            sender ->
                sender.active() && WorkspaceOrganizations.manages(sender, organization)
                    ? Future.succeededFuture()
                    : Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS)));
  }

  private static Future<User> join(
      Realm now, Organization organization, WorkspaceInvitation invitation, User user) {
    return requireRightToInvite(now, organization, invitation.sentBy())
        .compose(still -> remove(now, organization, invitation))
        .compose(
            removed ->
                now.organizations().has(organization, user)
                    ? Future.succeededFuture(user)
                    // Who invited has the right to; the invited user agrees.
                    : now.users()
                        .by(Authority.SERVER)
                        .update(user.id(), one -> asMember(one, organization, invitation)));
  }

  private static User asMember(
      User user, Organization organization, WorkspaceInvitation invitation) {
    return user.withMembership(organization.id(), WorkspaceRole.membership(invitation.role()))
        .withExtras(
            WorkspaceApi.NAME,
            WorkspaceProfile.of(user)
                .verified()
                .withCollaboratorRole(organization, invitation.role())
                .withCollaboratorTags(organization, invitation.tags())
                .withCreatedBy(organization, invitation.createdBy())
                .toJson());
  }
}
