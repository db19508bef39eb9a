package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.Status;
import dev.doppel.users.User;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import dev.doppel.workspace.WorkspaceOrganizations.Managed;
import dev.doppel.workspace.WorkspaceWire.Deleted;
import dev.doppel.workspace.WorkspaceWire.ServiceAccountRole;
import dev.doppel.workspace.WorkspaceWire.ServiceAccountView;
import dev.doppel.workspace.WorkspaceWire.Success;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Accounts for programs: users without a password, with a token that doesn't expire and is valid in
 * this dialect alone. The token is shown once, when it is created: only its hash is stored.
 */
final class WorkspaceServiceAccounts {

  /** The domain of service accounts, below which no account can be registered. */
  private static final String DOMAIN = ".iam.applivery.io";

  private static final int TOKEN_BYTES = 32;

  private final Realm realm;

  WorkspaceServiceAccounts(Realm realm) {
    this.realm = realm;
  }

  /** Returns whether only a service account can have this address. */
  static boolean isReserved(String email) {
    return email.toLowerCase(Locale.ROOT).endsWith(DOMAIN);
  }

  Future<Reply> list(Call call) {
    var query = WorkspaceQuery.of(call);
    return WorkspaceOrganizations.requireManaged(realm, call)
        .compose(
            managed -> {
              var organization = managed.organization();
              return realm
                  .users()
                  .list(
                      UserQuery.first(query.limit())
                          .from(query.offset())
                          .matching(
                              new UserFilter.All(
                                  List.of(
                                      realm.organizations().membersOf(organization),
                                      WorkspaceProfile.serviceAccountsOf(organization))))
                          .by(query.property().endsWith("email") ? Common.NAME : Common.ID)
                          .descending(query.descending())
                          .withTotal())
                  .map(
                      page -> {
                        var views =
                            page.items().stream()
                                .map(user -> ServiceAccountView.of(user, organization, null))
                                .toList();
                        return Reply.ok(Success.of(query.toPaged(views, page.total())));
                      });
            });
  }

  Future<Reply> create(Call call) {
    // Also checked outside the change: the body is read only if the caller is allowed to.
    return WorkspaceOrganizations.requireManaged(realm, call)
        .map(managed -> call.body(ServiceAccountRole.class))
        .compose(
            body ->
                realm.change(
                    now ->
                        WorkspaceOrganizations.requireManaged(now, call)
                            .compose(by -> create(now, by, body.role()))))
        .map(view -> Reply.ok(Success.of(view)));
  }

  private static Future<ServiceAccountView> create(Realm now, Managed by, String role) {
    var organization = by.organization();
    var token = now.secrets().hex(TOKEN_BYTES);
    return by.changes()
        .create(newAccount(new UserId(now.ids().next()), by, role))
        .compose(
            user ->
                now.tokens()
                    .issue(
                        now.organizations().authorityOf(by.caller()),
                        token,
                        user,
                        WorkspaceApi.NAME,
                        Status.ACTIVE,
                        "service account",
                        "{}")
                    .map(issued -> ServiceAccountView.of(user, organization, token)));
  }

  private static NewUser newAccount(UserId id, Managed by, String role) {
    var organization = by.organization();
    var profile =
        WorkspaceProfile.ofNewAccount()
            .asServiceAccountOf(organization)
            .withCollaboratorRole(organization, role)
            .withCreatedBy(organization, by.caller());
    var user =
        NewUser.named(WorkspaceId.of(id) + "@" + WorkspaceId.of(organization) + DOMAIN)
            .withId(Optional.of(id))
            .withExtras(WorkspaceApi.NAME, profile.toJson());
    return organization.kind() == Organization.Kind.ORDINARY
        ? user.withHome(organization.id(), WorkspaceRole.membership(role))
        : user.withMembership(organization.id(), WorkspaceRole.membership(role));
  }

  /** Changes the role of a service account. */
  Future<Reply> update(Call call) {
    return require(realm, call)
        .map(found -> call.body(ServiceAccountRole.class))
        .compose(
            body ->
                realm.change(
                    now -> require(now, call).compose(found -> update(found, body.role()))))
        .map(view -> Reply.ok(Success.of(view)));
  }

  private static Future<ServiceAccountView> update(Found found, String role) {
    var organization = found.by.organization();
    return found
        .by
        .changes()
        .update(found.user.id(), one -> withRole(one, organization, role))
        .recover(WorkspaceErrors::forbidden)
        .map(user -> ServiceAccountView.of(user, organization, null));
  }

  private static User withRole(User user, Organization organization, String role) {
    return user.withMembership(organization.id(), WorkspaceRole.membership(role))
        .withExtras(
            WorkspaceApi.NAME,
            WorkspaceProfile.of(user).withCollaboratorRole(organization, role).toJson());
  }

  /** Deletes a service account in every dialect, and its token. */
  Future<Reply> delete(Call call) {
    return realm
        .change(
            now ->
                require(now, call)
                    .compose(found -> found.by.changes().delete(found.user.id()))
                    .recover(WorkspaceErrors::forbidden))
        .map(deleted -> Reply.ok(Success.of(Deleted.OK)));
  }

  private record Found(Managed by, User user) {}

  /**
   * Finds the service account in the path. Fails as {@link WorkspaceOrganizations#requireManaged},
   * with NO_SUCH_USER if it is none of the organization, and with FORBIDDEN if another dialect made
   * it the owner.
   */
  private static Future<Found> require(Realm now, Call call) {
    return WorkspaceOrganizations.requireManaged(now, call)
        .compose(
            by ->
                WorkspaceId.find(now.users(), call.parameter("serviceAccountId"))
                    .map(
                        user -> {
                          var organization = by.organization();
                          if (!WorkspaceProfile.of(user).isServiceAccountOf(organization)
                              || !now.organizations().has(organization, user)) {
                            throw Failure.of(Reason.NO_SUCH_USER, user.name());
                          }
                          if (WorkspaceRole.of(user, organization).equals(WorkspaceRole.OWNER)) {
                            throw WorkspaceErrors.FORBIDDEN.newException(Reason.FORBIDDEN);
                          }
                          return new Found(by, user);
                        }));
  }
}
