package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.Organizations;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserQuery;
import dev.doppel.users.Users;
import dev.doppel.workspace.WorkspaceOrganizations.Managed;
import dev.doppel.workspace.WorkspaceWire.Added;
import dev.doppel.workspace.WorkspaceWire.CollaboratorChange;
import dev.doppel.workspace.WorkspaceWire.CollaboratorView;
import dev.doppel.workspace.WorkspaceWire.Deleted;
import dev.doppel.workspace.WorkspaceWire.Items;
import dev.doppel.workspace.WorkspaceWire.NewCollaborator;
import dev.doppel.workspace.WorkspaceWire.OemUser;
import dev.doppel.workspace.WorkspaceWire.Provisioned;
import dev.doppel.workspace.WorkspaceWire.Success;
import dev.doppel.workspace.WorkspaceWire.Value;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/** The operations on members of a workspace: the group "Organization Collaborators". */
final class WorkspaceCollaborators {

  private static final int MAX_EMAIL_LENGTH = 256;
  private static final int MAX_TAG_LENGTH = 128;
  private static final int MAX_TAGGED_USERS = 10_000;

  private final Realm realm;
  private final WorkspaceOrganizations workspaces;
  private final WorkspaceInvitations invitations;
  private final Organizations organizations;
  private final Users users;

  WorkspaceCollaborators(
      Realm realm, WorkspaceOrganizations workspaces, WorkspaceInvitations invitations) {
    this.realm = realm;
    this.workspaces = workspaces;
    this.invitations = invitations;
    organizations = realm.organizations();
    users = realm.users();
  }

  Future<Reply> list(Call call) {
    var query = WorkspaceQuery.of(call);
    return workspaces.requireVisible(call).compose(organization -> list(call, query, organization));
  }

  private Future<Reply> list(Call call, WorkspaceQuery query, Organization organization) {
    var filters = new ArrayList<UserFilter>();
    filters.add(organizations.visibleTo(call.caller().user(), organization));
    WorkspaceQuery.oneOf(call, "role", WorkspaceRole.ALL)
        .ifPresent(role -> filters.add(WorkspaceRole.filter(role, organization)));
    WorkspaceQuery.text(call, "email", MAX_EMAIL_LENGTH)
        .ifPresent(email -> filters.add(hasEmail(email)));
    var tags = WorkspaceQuery.array(call, "tags", MAX_TAG_LENGTH);
    if (!tags.isEmpty()) {
      filters.add(hasOneOf(tags, organization));
    }
    if (WorkspaceQuery.bool(call, "onlyUsers").orElse(false)) {
      filters.add(WorkspaceProfile.noServiceAccounts());
    }
    return users
        .list(
            UserQuery.first(query.limit())
                .from(query.offset())
                .matching(new UserFilter.All(filters))
                .by(query.property().endsWith("email") ? Common.EMAIL : Common.ID)
                .descending(query.descending())
                .withTotal())
        .map(
            page -> {
              var views =
                  page.items().stream()
                      .map(user -> CollaboratorView.of(realm, user, organization))
                      .toList();
              return Reply.ok(Success.of(query.toPaged(views, page.total())));
            });
  }

  private static UserFilter hasOneOf(List<String> tags, Organization organization) {
    return new UserFilter.Any(
        tags.stream()
            .<UserFilter>map(
                tag ->
                    new UserFilter.Like(
                        WorkspaceProfile.tags(organization), WorkspaceProfile.tagPattern(tag)))
            .toList());
  }

  /**
   * Returns a filter for the users whose e-mail address contains a text, in any case; of those
   * without one, for the users whose name contains it or whose generated address it is.
   */
  private static UserFilter hasEmail(String email) {
    var containing = "*" + email.replace("*", "") + "*";
    var named = new ArrayList<UserFilter>();
    named.add(new UserFilter.Like(Common.NAME, containing));
    WorkspaceAddress.nameIn(email)
        .ifPresent(name -> named.add(new UserFilter.Is(Common.NAME, name)));
    var withoutEmail = new UserFilter.Not(new UserFilter.Like(Common.EMAIL, "*"));
    return new UserFilter.Any(
        List.of(
            new UserFilter.Like(Common.EMAIL, containing),
            new UserFilter.All(List.of(withoutEmail, new UserFilter.Any(named)))));
  }

  /**
   * Lists the tags in use, without duplicates and sorted. Reads at most {@value #MAX_TAGGED_USERS}
   * collaborators.
   */
  Future<Reply> groups(Call call) {
    return workspaces
        .requireVisible(call)
        .compose(
            organization ->
                users
                    .list(
                        UserQuery.first(MAX_TAGGED_USERS)
                            .matching(
                                new UserFilter.All(
                                    List.of(
                                        organizations.visibleTo(call.caller().user(), organization),
                                        new UserFilter.Like(
                                            WorkspaceProfile.tags(organization), "*")))))
                    .map(
                        page -> {
                          var tags = new TreeSet<String>();
                          page.items()
                              .forEach(
                                  user ->
                                      tags.addAll(
                                          WorkspaceProfile.of(user)
                                              .collaboratorTags(organization)));
                          return Reply.ok(
                              Success.of(new Items(tags.stream().map(Value::new).toList())));
                        }));
  }

  /** Lists the collaborators of applications: none, because there are no applications. */
  Future<Reply> apps(Call call) {
    var query = WorkspaceQuery.of(call);
    return workspaces
        .requireVisible(call)
        .map(organization -> Reply.ok(Success.of(query.toPaged(List.of(), 0))));
  }

  /** Shows a collaborator whom the caller may see. */
  Future<Reply> get(Call call) {
    return workspaces
        .requireVisible(call)
        .compose(
            organization ->
                WorkspaceId.find(users, call.parameter("collaboratorId"))
                    .map(
                        user -> {
                          var caller = call.caller().user();
                          if (!organizations.visibleTo(caller, organization).test(user)) {
                            throw Failure.of(Reason.NO_SUCH_USER, user.name());
                          }
                          return Reply.ok(
                              Success.of(CollaboratorView.of(realm, user, organization)));
                        }));
  }

  /**
   * Adds an account as a collaborator if the caller is an administrator of the platform, and
   * otherwise invites the address: the account decides, and the caller does not learn whether there
   * is one.
   */
  Future<Reply> add(Call call) {
    // Checked before the body is read, and again in the change.
    return WorkspaceOrganizations.requireManaged(realm, call)
        .compose(
            managed -> {
              var body = call.body(NewCollaborator.class);
              return managed.caller().administrator()
                  ? realm.change(
                      now ->
                          WorkspaceOrganizations.requireManaged(now, call)
                              .compose(by -> addExisting(now, by, body)))
                  : Future.succeededFuture(Optional.<CollaboratorView>empty());
            })
        .compose(
            added ->
                added.isPresent()
                    ? Future.succeededFuture(new Added(added.get(), null))
                    : invitations
                        .send(call, call.body(NewCollaborator.class))
                        .map(invitation -> new Added(null, invitation)))
        .map(added -> Reply.ok(Success.of(added)));
  }

  private static Future<Optional<CollaboratorView>> addExisting(
      Realm now, Managed by, NewCollaborator body) {
    var role = Objects.requireNonNullElse(body.role(), WorkspaceRole.UNASSIGNED);
    var tags = Objects.requireNonNullElse(body.tags(), List.<String>of());
    return WorkspaceAddress.find(now.users(), body.email().toLowerCase(Locale.ROOT))
        .compose(
            found ->
                found.isPresent()
                    ? join(now, by, found.get(), role, tags)
                        .map(user -> Optional.of(CollaboratorView.of(now, user, by.organization())))
                    : Future.succeededFuture(Optional.empty()));
  }

  /**
   * Removes a collaborator from the organization. The account stays, so that of a service account
   * must be deleted instead. Who belongs to the organization without a membership can't leave it.
   */
  Future<Reply> remove(Call call) {
    return realm
        .change(
            now ->
                requireChangeable(now, call)
                    .compose(
                        found -> {
                          var organization = found.by.organization();
                          if (!found.user.memberships().containsKey(organization.id())
                              || WorkspaceProfile.of(found.user).isServiceAccount()) {
                            throw WorkspaceErrors.FORBIDDEN.newException(Reason.FORBIDDEN);
                          }
                          return found
                              .by
                              .changes()
                              .update(found.user.id(), one -> withoutMember(one, organization))
                              .recover(WorkspaceErrors::forbidden);
                        }))
        .map(removed -> Reply.ok(Success.of(Deleted.OK)));
  }

  private static User withoutMember(User user, Organization organization) {
    return user.withoutMembership(organization.id())
        .withExtras(WorkspaceApi.NAME, WorkspaceProfile.of(user).without(organization).toJson());
  }

  /** Changes a collaborator's role and tags. The owner's can't be changed, only handed over. */
  Future<Reply> update(Call call) {
    // Also checked outside the change: the body is read only if the caller is allowed to.
    return requireChangeable(realm, call)
        .map(found -> call.body(CollaboratorChange.class))
        .compose(
            body ->
                realm.change(
                    now -> requireChangeable(now, call).compose(found -> update(now, found, body))))
        .map(view -> Reply.ok(Success.of(view)));
  }

  /** A collaborator, and the caller who may change the collaborator. */
  private record Changeable(Managed by, User user) {}

  /**
   * Finds the collaborator in the path. Fails as {@link WorkspaceOrganizations#requireManaged},
   * with NO_SUCH_USER if the user is no collaborator, or with FORBIDDEN for the owner.
   */
  private static Future<Changeable> requireChangeable(Realm now, Call call) {
    return WorkspaceOrganizations.requireManaged(now, call)
        .compose(
            by ->
                WorkspaceId.find(now.users(), call.parameter("collaboratorId"))
                    .map(
                        user ->
                            new Changeable(by, requireChangeable(now, user, by.organization()))));
  }

  private static User requireChangeable(Realm now, User user, Organization organization) {
    if (!now.organizations().has(organization, user)) {
      throw Failure.of(Reason.NO_SUCH_USER, user.name());
    }
    if (WorkspaceRole.of(user, organization).equals(WorkspaceRole.OWNER)) {
      throw WorkspaceErrors.FORBIDDEN.newException(Reason.FORBIDDEN);
    }
    return user;
  }

  private static Future<CollaboratorView> update(
      Realm now, Changeable found, CollaboratorChange body) {
    var organization = found.by.organization();
    return found
        .by
        .changes()
        .update(found.user.id(), one -> withChange(one, body, organization))
        .map(user -> CollaboratorView.of(now, user, organization))
        .recover(WorkspaceErrors::forbidden);
  }

  private static User withChange(User user, CollaboratorChange body, Organization organization) {
    var profile = WorkspaceProfile.of(user);
    var member = user;
    if (body.tags() != null) {
      profile = profile.withCollaboratorTags(organization, body.tags());
    }
    if (body.role() != null) {
      profile = profile.withCollaboratorRole(organization, body.role());
      member = user.withMembership(organization.id(), WorkspaceRole.membership(body.role()));
    }
    return member.withExtras(WorkspaceApi.NAME, profile.toJson());
  }

  /**
   * Adds a user as a member, and creates the account, without a password, if there is none. Only an
   * administrator of the platform can add an existing account: a workspace must not take over the
   * accounts of others.
   */
  Future<Reply> provision(Call call) {
    // Also checked outside the change: the body is read only if the caller is allowed to.
    return WorkspaceOrganizations.requireManaged(realm, call)
        .map(managed -> requireAllowedDomain(call.body(OemUser.class)))
        .compose(
            body ->
                realm.change(
                    now ->
                        WorkspaceOrganizations.requireManaged(now, call)
                            .compose(by -> provision(now, by, body))))
        .map(provisioned -> Reply.ok(Success.of(provisioned)));
  }

  private static OemUser requireAllowedDomain(OemUser body) {
    if (WorkspaceServiceAccounts.isReserved(body.email())) {
      throw WorkspaceErrors.INVALID_EMAIL_DOMAIN.newException(Reason.INVALID_VALUE);
    }
    return body;
  }

  private static Future<Provisioned> provision(Realm now, Managed by, OemUser body) {
    var organization = by.organization();
    var email = body.email().toLowerCase(Locale.ROOT);
    return WorkspaceAddress.find(now.users(), email)
        .compose(
            found ->
                found.isPresent()
                    ? join(now, by, found.get(), WorkspaceRole.UNASSIGNED, tags(body))
                        .map(
                            user ->
                                new Provisioned(CollaboratorView.of(now, user, organization), null))
                    : createWithSecret(now, by, newAccount(email, by, body)));
  }

  private static Future<Provisioned> createWithSecret(Realm now, Managed by, NewUser account) {
    return by.changes()
        .create(account)
        .compose(
            user ->
                WorkspaceMails.issueOemSecret(now, user)
                    .map(
                        secret ->
                            new Provisioned(
                                CollaboratorView.of(now, user, by.organization()), secret)));
  }

  private static List<String> tags(OemUser body) {
    return Objects.requireNonNullElse(body.tags(), List.of());
  }

  /**
   * Adds an account unless it is a collaborator already. Fails with FORBIDDEN if the caller is no
   * administrator of the platform.
   */
  private static Future<User> join(
      Realm now, Managed by, User user, String role, List<String> tags) {
    var organization = by.organization();
    if (now.organizations().has(organization, user)) {
      return Future.succeededFuture(user);
    }
    if (!by.caller().administrator()) {
      throw WorkspaceErrors.FORBIDDEN.newException(Reason.FORBIDDEN);
    }
    return by.changes()
        .update(
            user.id(),
            one ->
                one.withMembership(organization.id(), WorkspaceRole.membership(role))
                    .withExtras(
                        WorkspaceApi.NAME,
                        WorkspaceProfile.of(one)
                            .withCollaboratorRole(organization, role)
                            .withCollaboratorTags(organization, tags)
                            .withCreatedBy(organization, by.caller())
                            .toJson()));
  }

  private static NewUser newAccount(String email, Managed by, OemUser body) {
    var organization = by.organization();
    var first = Objects.requireNonNullElse(body.firstName(), "");
    var last = Objects.requireNonNullElse(body.lastName(), "");
    var profile =
        WorkspaceProfile.ofNewAccount()
            .withCollaboratorRole(organization, WorkspaceRole.UNASSIGNED)
            .withCollaboratorTags(organization, tags(body))
            .withCreatedBy(organization, by.caller())
            .withNames(first, last);
    var user =
        NewUser.named(email).withEmail(email).withExtras(WorkspaceApi.NAME, profile.toJson());
    user =
        organization.kind() == Organization.Kind.ORDINARY
            ? user.withHome(organization.id(), Membership.MEMBER)
            : user.withMembership(organization.id(), Membership.MEMBER);
    var full = (first + " " + last).strip();
    return full.isEmpty() ? user : user.withFullName(full);
  }
}
