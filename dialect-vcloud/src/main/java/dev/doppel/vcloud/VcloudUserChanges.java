package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Realm;
import dev.doppel.users.ReservedNames;
import dev.doppel.users.Status;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudTenancy.Context;
import dev.doppel.vcloud.VcloudWire.VcdUser;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Creation, replacement and deletion of users (CloudAPI "User Operations"). A body is validated by
 * itself first, then the caller's rights are checked, then the body is validated against the user
 * and the organization.
 */
final class VcloudUserChanges {

  private final Realm realm;
  private final VcloudTenancy tenancy;
  private final VcloudUsers users;
  private final VcloudTasks tasks;

  VcloudUserChanges(Realm realm, VcloudTenancy tenancy, VcloudUsers users, VcloudTasks tasks) {
    this.realm = realm;
    this.tenancy = tenancy;
    this.users = users;
    this.tasks = tasks;
  }

  /** Returns the same operations in a change. */
  private VcloudUserChanges in(Realm now) {
    return new VcloudUserChanges(now, new VcloudTenancy(now.organizations()), users.in(now), tasks);
  }

  /** A user after a change, and the context of the change. */
  record Changed(User user, Context context) {}

  /** Finds the context of a request in the realm, or in a change of it. */
  interface Where {
    Future<Context> in(Realm now);
  }

  private static Where headersOf(Call call) {
    return now -> VcloudTenancy.context(now, call);
  }

  Future<Reply> create(Call call, VcdUser body) {
    var wanted = VcloudUserRequest.toCreate(body, VcloudVersion.of(call));
    return create(headersOf(call), wanted)
        .compose(
            created ->
                users
                    .view(call, created.user, created.context)
                    .map(
                        view ->
                            Reply.created(view)
                                .with(
                                    "Content-Location",
                                    call.origin()
                                        + VcloudApi.VERSIONED
                                        + "/users/"
                                        + VcloudUrn.of(created.user))));
  }

  /** Creates a user. */
  Future<Changed> create(Where where, VcloudUserRequest wanted) {
    return where
        .in(realm)
        .compose( // before a password is hashed
            context ->
                tenancy
                    .roles(context.organization())
                    .map(roles -> newUser(wanted.username(), wanted, context, roles)))
        .compose(realm.users()::hashPassword)
        .compose(user -> realm.change(now -> in(now).create(where, wanted, user.hash())));
  }

  private Future<Changed> create(
      Where where, VcloudUserRequest wanted, Optional<PasswordHash> hash) {
    return where
        .in(realm)
        .compose(
            context ->
                tenancy
                    .roles(context.organization())
                    .compose(
                        roles ->
                            named(
                                wanted.username(),
                                context.organization(),
                                Optional.empty(),
                                name ->
                                    insert(newUser(name, wanted, context, roles), hash, context)))
                    .map(user -> new Changed(user, context)));
  }

  private Future<User> insert(NewUser user, Optional<PasswordHash> hash, Context context) {
    return realm
        .users()
        .by(context.caller().authority())
        .create(hash.map(user::withHash).orElse(user));
  }

  /**
   * Validates a request to create a user, and returns the user with its password in clear text.
   *
   * @param name name to store
   */
  private static NewUser newUser(
      String name, VcloudUserRequest wanted, Context context, VcloudRoleSet all) {
    var organization = context.organization();
    context.require(VcloudRight.GROUP_USER_MANAGE, VcloudErrors.NO_EDIT);
    wanted.checkOrganization(organization);
    var roles = wanted.rolesIn(all).orElse(List.of(VcloudRole.DEFER_TO_IDENTITY_PROVIDER));
    requireGranted(roles, context);
    var profile = wanted.updatedProfile(VcloudProfile.NONE, roles, organization);
    var user =
        withMembership(NewUser.named(name), roles, organization)
            .withStatus(wanted.status())
            .withExtras(VcloudApi.NAME, profile.toJson());
    user = wanted.password().map(user::withPassword).orElse(user);
    user = wanted.fullName().map(user::withFullName).orElse(user);
    return wanted.email().map(user::withEmail).orElse(user);
  }

  private static NewUser withMembership(
      NewUser user, List<VcloudRole> roles, Organization organization) {
    var administrates = roles.stream().anyMatch(VcloudRole::administers);
    var membership = administrates ? Membership.OWNER : Membership.MEMBER;
    return switch (organization.kind()) {
      case ORDINARY -> user.withHome(organization.id(), membership);
      case DEFAULT -> user.withMembership(organization.id(), membership);
      case SYSTEM ->
          user.withHome(organization.id(), Membership.MEMBER).withAdministrator(administrates);
    };
  }

  /**
   * Applies a change with the name to store: the name itself, or a namesake's if it is taken in
   * another organization. Fails with USER_EXISTS if either is taken in this organization. Part of a
   * change of the realm, so that a free name stays free until the user has it.
   *
   * @param renamed the user to rename, or empty for a new user
   */
  private Future<User> named(
      String name,
      Organization organization,
      Optional<User> renamed,
      Function<String, Future<User>> change) {
    if (ReservedNames.contains(name)) { // reserved for namesakes, too
      return Future.failedFuture(Failure.of(Reason.USER_EXISTS, name));
    }
    var namesake = VcloudNames.ofNamesake(name, organization);
    return requireFree(namesake, organization)
        .compose(free -> isTakenElsewhere(name, organization, renamed))
        .compose(taken -> change.apply(taken ? namesake : name))
        .recover(
            thrown ->
                Future.failedFuture(
                    isTaken(thrown, namesake) ? Failure.of(Reason.USER_EXISTS, name) : thrown));
  }

  /** Returns whether a failure is about this name, and not about the e-mail address. */
  private static boolean isTaken(Throwable thrown, String name) {
    return thrown instanceof Failure failure
        && failure.reason() == Reason.USER_EXISTS
        && failure.subject().filter(name::equals).isPresent();
  }

  /** Fails with USER_EXISTS if a user in the organization is stored under the name. */
  private Future<Void> requireFree(String name, Organization organization) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(name))
        .compose(
            holder ->
                holder.filter(user -> realm.organizations().has(organization, user)).isPresent()
                    ? Future.failedFuture(Failure.of(Reason.USER_EXISTS, name))
                    : Future.succeededFuture());
  }

  /**
   * Returns whether a name can't be stored as it is, because it is taken outside the organization.
   */
  private Future<Boolean> isTakenElsewhere(
      String name, Organization organization, Optional<User> renamed) {
    if (!VcloudNames.isDisplayedAsStored(name, organization)) {
      return Future.succeededFuture(true);
    }
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(name))
        .compose(
            holder ->
                holder.isPresent()
                    ? Future.succeededFuture(!realm.organizations().has(organization, holder.get()))
                    : isAddressOfAnother(name, renamed)
                        .compose(
                            address ->
                                address || renamed.isEmpty()
                                    ? Future.succeededFuture(address)
                                    : isDisplayedElsewhere(name, renamed.get())));
  }

  /** Returns whether a name is the e-mail address of another user than the renamed one. */
  private Future<Boolean> isAddressOfAnother(String name, Optional<User> renamed) {
    return realm
        .storage()
        .users()
        .findByEmail(name)
        .map(
            all ->
                all.stream()
                    .anyMatch(one -> renamed.map(User::id).filter(one.id()::equals).isEmpty()));
  }

  /** Returns whether a namesake is displayed by the name in one of the user's organizations. */
  private Future<Boolean> isDisplayedElsewhere(String name, User user) {
    return realm
        .organizations()
        .of(user)
        .compose(all -> Future.all(all.stream().map(one -> isNamesakeIn(name, one)).toList()))
        .map(namesakes -> namesakes.<Boolean>list().contains(true));
  }

  private Future<Boolean> isNamesakeIn(String name, Organization organization) {
    return Failure.emptyIf(
            Reason.NO_SUCH_USER, realm.users().find(VcloudNames.ofNamesake(name, organization)))
        .map(
            holder ->
                holder.filter(one -> realm.organizations().has(organization, one)).isPresent());
  }

  Future<Reply> update(Call call, VcdUser body) {
    var urn = VcloudUsers.urn(call);
    return tenancy
        .context(call)
        .compose(context -> update(call, urn, body, context))
        .compose(changed -> users.view(call, changed.user, changed.context))
        .map(Reply::ok);
  }

  private Future<Changed> update(Call call, VcloudUrn urn, VcdUser body, Context context) {
    return context.manages()
        ? replace(call, urn, body)
        : call.asDocumentedOrRefused(
            VcloudDifference.OWN_PASSWORD_BY_PUT,
            () ->
                users
                    .findSelf(urn, context)
                    .compose(self -> ownPassword(self, body, urn, context))
                    .map(self -> new Changed(self, context)),
            () -> replace(call, urn, body));
  }

  private Future<Changed> replace(Call call, VcloudUrn urn, VcdUser body) {
    var wanted = VcloudUserRequest.toReplace(body, VcloudVersion.of(call));
    return replace(headersOf(call), urn, wanted);
  }

  /** Changes the password of a caller who manages no users. The body must change nothing else. */
  private Future<User> ownPassword(User self, VcdUser body, VcloudUrn urn, Context context) {
    return tenancy
        .roles(context.organization(), List.of(self))
        .compose(
            roles -> {
              var unchanged = requireUnchanged(self, body, urn, roles);
              return VcloudUserRequest.password(body)
                  .map(
                      password ->
                          realm
                              .users()
                              .by(context.caller().authority())
                              .setPassword(
                                  self.id(),
                                  password,
                                  user -> requireUnchanged(user, body, urn, roles)))
                  .orElse(Future.succeededFuture(unchanged));
            });
  }

  private static User requireUnchanged(
      User user, VcdUser body, VcloudUrn urn, VcloudRoleSet roles) {
    if (!VcloudUserRequest.changesPasswordAlone(body, user, roles)) {
      throw VcloudUsers.newException(VcloudErrors.NO_EDIT, urn);
    }
    return user;
  }

  /** Replaces a user. */
  Future<Changed> replace(Where where, VcloudUrn urn, VcloudUserRequest wanted) {
    return where
        .in(realm)
        .compose( // before a password is hashed
            context ->
                users
                    .findEditable(urn, context)
                    .compose(
                        user ->
                            tenancy
                                .roles(context.organization())
                                .map(all -> check(user, urn, wanted, context, all))))
        .compose(checked -> hash(wanted))
        .compose(hash -> realm.change(now -> in(now).replace(where, urn, wanted, hash)));
  }

  private Future<Optional<PasswordHash>> hash(VcloudUserRequest wanted) {
    return wanted
        .password()
        .map(password -> NewUser.named(wanted.username()).withPassword(password))
        .map(user -> realm.users().hashPassword(user).map(NewUser::hash))
        .orElse(Future.succeededFuture(Optional.empty()));
  }

  private Future<Changed> replace(
      Where where, VcloudUrn urn, VcloudUserRequest wanted, Optional<PasswordHash> hash) {
    return where
        .in(realm)
        .compose(
            context ->
                users
                    .findEditable(urn, context)
                    .compose(
                        user ->
                            tenancy
                                .roles(context.organization())
                                .map(all -> check(user, urn, wanted, context, all))
                                .compose(roles -> replace(user, roles, wanted, hash, context)))
                    .map(user -> new Changed(user, context)));
  }

  private Future<User> replace(
      User user,
      List<VcloudRole> roles,
      VcloudUserRequest wanted,
      Optional<PasswordHash> hash,
      Context context) {
    var organization = context.organization();
    var changes = realm.users().by(context.caller().authority());
    UnaryOperator<User> change =
        one -> withChange(hash.map(one::withPassword).orElse(one), wanted, roles, organization);
    return wanted.renames(user, organization)
        ? named(
            wanted.username(),
            organization,
            Optional.of(user),
            name -> changes.update(user.id(), one -> change.apply(one).withName(name)))
        : changes.update(user.id(), change);
  }

  /** Checks a replacement, and returns the roles of the user after it. */
  private static List<VcloudRole> check(
      User user, VcloudUrn urn, VcloudUserRequest wanted, Context context, VcloudRoleSet all) {
    if (!context.edits(user)) {
      throw VcloudUsers.newException(VcloudErrors.NO_EDIT, urn);
    }
    var organization = context.organization();
    wanted.checkAgainst(user, urn, organization);
    var before = all.of(user);
    var roles = wanted.rolesAfter(before, all);
    if (context.isSelf(user)) {
      checkStaysAdministrator(wanted, before, roles);
    }
    checkSystemAdministrator(user, before, roles, organization);
    requireGranted(roles.stream().filter(role -> !before.contains(role)).toList(), context);
    return roles;
  }

  /**
   * Checks that the caller may give roles to a user: predefined ones, of which core checks those of
   * administrators, and others whose rights the caller may grant.
   */
  private static void requireGranted(List<VcloudRole> given, Context context) {
    given.stream()
        .filter(role -> !VcloudRole.isPredefined(role.key()))
        .flatMap(role -> role.rights().stream())
        .filter(right -> !context.mayGrant(right))
        .forEach(right -> context.require(right, VcloudErrors.NO_EDIT));
  }

  /** Checks that callers stay active administrators, so that each organization keeps one. */
  private static void checkStaysAdministrator(
      VcloudUserRequest wanted, List<VcloudRole> before, List<VcloudRole> after) {
    if (wanted.status() == Status.INACTIVE) {
      throw VcloudErrors.newInvalidValueException("You can not disable your own account.");
    }
    if (before.stream().anyMatch(VcloudRole::administers)
        && after.stream().noneMatch(VcloudRole::administers)) {
      throw VcloudErrors.newInvalidValueException(
          "You can not take the administrator role from your own account.");
    }
  }

  /**
   * Checks that the role of a system administrator, who administers every organization, is changed
   * in the provider's organization only.
   */
  private static void checkSystemAdministrator(
      User user, List<VcloudRole> before, List<VcloudRole> after, Organization organization) {
    if (user.administrator() && !VcloudUrn.isProvider(organization) && !after.equals(before)) {
      throw VcloudErrors.newInvalidValueException(
          "The role of a system administrator can not be changed in another organization.");
    }
  }

  private User withChange(
      User user, VcloudUserRequest wanted, List<VcloudRole> roles, Organization organization) {
    var profile = wanted.updatedProfile(VcloudProfile.of(user), roles, organization);
    return withRoles(user, roles, organization)
        .withFullName(wanted.fullName())
        .withEmail(wanted.email(), realm.clock().instant())
        .withStatus(wanted.status())
        .withExtras(VcloudApi.NAME, profile.toJson());
  }

  private static User withRoles(User user, List<VcloudRole> roles, Organization organization) {
    var administrates = roles.stream().anyMatch(VcloudRole::administers);
    var id = organization.id();
    if (VcloudUrn.isProvider(organization)) {
      return administrates
          ? user.withAdministrator(true)
          : user.withAdministrator(false).withMembership(id, Membership.MEMBER); // stays a member
    }
    if (administrates) {
      return user.administrator() ? user : user.withMembership(id, Membership.OWNER);
    }
    return user.owns(id) ? user.withMembership(id, Membership.MEMBER) : user;
  }

  /** Deletes a user in every organization and every dialect, and the user's sessions. */
  Future<Reply> delete(Call call) {
    var urn = VcloudUsers.urn(call);
    return realm
        .change(
            now -> {
              var changes = in(now);
              return changes
                  .delete(headersOf(call), urn)
                  .compose(deleted -> tasks.addUserDeletion(now, deleted.user, deleted.context));
            })
        .map(task -> VcloudTasks.accepted(call, task));
  }

  /** Deletes a user as above, without a task. */
  Future<Changed> deleteUser(Where where, VcloudUrn urn) {
    return realm.change(now -> in(now).delete(where, urn));
  }

  private Future<Changed> delete(Where where, VcloudUrn urn) {
    return where
        .in(realm)
        .compose(
            context ->
                users
                    .findEditable(urn, context)
                    .compose(user -> delete(user, context))
                    .map(user -> new Changed(user, context)));
  }

  private Future<User> delete(User user, Context context) {
    if (context.isSelf(user)) {
      throw VcloudErrors.newInvalidValueException("You can not delete your own account.");
    }
    return realm.users().by(context.caller().authority()).delete(user.id());
  }
}
