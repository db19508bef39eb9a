package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.ReservedNames;
import dev.doppel.users.Status;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudTenancy.Context;
import dev.doppel.vcloud.VcloudWire.VcdUser;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Creating, replacing and deleting users (CloudAPI "User Operations"). What is wrong with a body by
 * itself comes first, then rights, then what is wrong with it here.
 */
final class VcloudUserChanges {

  private final Realm realm;
  private final VcloudTenancy tenancy;
  private final VcloudUsers users;
  private final VcloudTasks tasks;
  private final VcloudRules rules;

  VcloudUserChanges(
      Realm realm, VcloudTenancy tenancy, VcloudUsers users, VcloudTasks tasks, VcloudRules rules) {
    this.realm = realm;
    this.tenancy = tenancy;
    this.users = users;
    this.tasks = tasks;
    this.rules = rules;
  }

  Future<Reply> create(Call call, VcdUser body) {
    var wanted = VcloudUserRequest.toCreate(body, VcloudVersion.of(call, rules));
    return tenancy.context(call).compose(context -> create(call, wanted, context));
  }

  private Future<Reply> create(Call call, VcloudUserRequest wanted, Context context) {
    var organization = context.organization();
    if (!context.manages()) {
      throw VcloudUsers.refused(VcloudFaults.NO_EDIT, VcloudUrn.of(organization));
    }
    wanted.checkOrganization(organization);
    var roles = wanted.rolesIn(organization).orElse(List.of(VcloudRole.DEFER_TO_IDENTITY_PROVIDER));
    var profile = wanted.profileOver(VcloudProfile.NONE, roles, organization);
    return named(
            wanted.username(), organization, name -> insert(name, wanted, roles, profile, context))
        .map(
            user ->
                Reply.created(users.view(call, user, context))
                    .with(
                        "Content-Location",
                        call.origin() + VcloudDialect.VERSIONED + "/users/" + VcloudUrn.of(user)));
  }

  private Future<User> insert(
      String name,
      VcloudUserRequest wanted,
      List<VcloudRole> roles,
      VcloudProfile profile,
      Context context) {
    var user =
        made(NewUser.named(name), roles, context.organization())
            .withStatus(wanted.status())
            .withExtras(VcloudDialect.NAME, profile.json());
    user = wanted.password().map(user::withPassword).orElse(user);
    user = wanted.fullName().map(user::withFullName).orElse(user);
    return realm
        .users()
        .by(context.caller().authority())
        .create(wanted.email().map(user::withEmail).orElse(user));
  }

  private static NewUser made(NewUser user, List<VcloudRole> roles, Organization organization) {
    var administrates = roles.stream().anyMatch(VcloudRole::managesUsers);
    var membership = administrates ? Membership.OWNER : Membership.MEMBER;
    return switch (organization.kind()) {
      case ORDINARY -> user.withHome(organization.id(), membership);
      case DEFAULT -> user.withMembership(organization.id(), membership);
      case SYSTEM ->
          user.withHome(organization.id(), Membership.MEMBER).withAdministrator(administrates);
    };
  }

  /**
   * Does something under a name, or under a namesake's if it is taken in another organization. In
   * this one it is a duplicate, by whichever of the two it is known.
   */
  private Future<User> named(
      String shown, Organization organization, Function<String, Future<User>> change) {
    if (ReservedNames.contains(shown)) { // also as a namesake's
      return Future.failedFuture(Failure.of(Reason.USER_EXISTS, shown));
    }
    var namesake = VcloudNames.ofNamesake(shown, organization);
    return absent(namesake, organization)
        .compose(
            free ->
                VcloudNames.shownAsItIs(shown, organization)
                    ? change
                        .apply(shown)
                        .recover(taken -> orElse(taken, shown, organization, change))
                    : change.apply(namesake))
        .recover(
            thrown ->
                Future.failedFuture(
                    isTaken(thrown, namesake) ? Failure.of(Reason.USER_EXISTS, shown) : thrown));
  }

  /** Whether the name is what is taken, rather than the e-mail address. */
  private static boolean isTaken(Throwable thrown, String name) {
    return thrown instanceof Failure failure
        && failure.reason() == Reason.USER_EXISTS
        && failure.subject().filter(name::equals).isPresent();
  }

  /** Fails with USER_EXISTS if somebody in the organization is kept under the name. */
  private Future<Void> absent(String name, Organization organization) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(name))
        .compose(
            holder ->
                holder.filter(user -> realm.organizations().has(organization, user)).isPresent()
                    ? Future.failedFuture(Failure.of(Reason.USER_EXISTS, name))
                    : Future.succeededFuture());
  }

  private Future<User> orElse(
      Throwable taken,
      String shown,
      Organization organization,
      Function<String, Future<User>> change) {
    if (!isTaken(taken, shown)) {
      return Future.failedFuture(taken);
    }
    return absent(shown, organization)
        .compose(free -> change.apply(VcloudNames.ofNamesake(shown, organization)));
  }

  Future<Reply> update(Call call, VcdUser body) {
    var urn = VcloudUsers.urn(call);
    return tenancy
        .context(call)
        .compose(
            context ->
                update(call, urn, body, context)
                    .map(user -> Reply.ok(users.view(call, user, context))));
  }

  private Future<User> update(Call call, VcloudUrn urn, VcdUser body, Context context) {
    return rules.ownPasswordByPut() && !context.manages()
        ? users.self(urn, context).compose(self -> ownPassword(self, body, urn, context))
        : replace(call, urn, body, context);
  }

  /** Whoever manages nobody may say the same again, but for the password. */
  private Future<User> ownPassword(User self, VcdUser body, VcloudUrn urn, Context context) {
    if (!VcloudUserRequest.changesPasswordAlone(body, self, context.organization())) {
      throw VcloudUsers.refused(VcloudFaults.NO_EDIT, urn);
    }
    return VcloudUserRequest.password(body)
        .map(
            password ->
                realm.users().by(context.caller().authority()).setPassword(self.id(), password))
        .orElse(Future.succeededFuture(self));
  }

  private Future<User> replace(Call call, VcloudUrn urn, VcdUser body, Context context) {
    var wanted = VcloudUserRequest.toReplace(body, VcloudVersion.of(call, rules));
    UnaryOperator<User> change =
        user -> {
          check(user, urn, wanted, context); // it may be another than when it was found
          return changed(user, wanted, context.organization());
        };
    return users
        .edited(urn, context)
        .compose(
            user -> {
              check(user, urn, wanted, context); // before a password is hashed
              return wanted.renames(user, context.organization())
                  ? named(
                      wanted.username(),
                      context.organization(),
                      name -> write(user, wanted, one -> change.apply(one).withName(name), context))
                  : write(user, wanted, change, context);
            });
  }

  private static void check(User user, VcloudUrn urn, VcloudUserRequest wanted, Context context) {
    if (!context.edits(user)) {
      throw VcloudUsers.refused(VcloudFaults.NO_EDIT, urn);
    }
    var organization = context.organization();
    wanted.checkAgainst(user, urn, organization);
    var roles = roles(user, wanted, organization);
    if (context.isSelf(user)) {
      checkKeepsSay(wanted, roles);
    }
    checkAdministrator(user, roles, organization);
  }

  private static List<VcloudRole> roles(
      User user, VcloudUserRequest wanted, Organization organization) {
    return wanted.rolesIn(organization).orElse(VcloudRole.of(user, organization));
  }

  private Future<User> write(
      User user, VcloudUserRequest wanted, UnaryOperator<User> change, Context context) {
    var changes = realm.users().by(context.caller().authority());
    return wanted
        .password()
        .map(password -> changes.setPassword(user.id(), password, change))
        .orElseGet(() -> changes.update(user.id(), change));
  }

  /** Nobody shuts themselves out, so somebody is always left who can let others in. */
  private static void checkKeepsSay(VcloudUserRequest wanted, List<VcloudRole> roles) {
    if (wanted.status() == Status.INACTIVE) {
      throw VcloudFaults.bad("You can not disable your own account.");
    }
    if (roles.stream().noneMatch(VcloudRole::managesUsers)) {
      throw VcloudFaults.bad("You can not take the administrator role from your own account.");
    }
  }

  /** Whoever administrates the whole does so in each part, and that can't be changed in a part. */
  private static void checkAdministrator(
      User user, List<VcloudRole> roles, Organization organization) {
    if (user.administrator()
        && !VcloudTenancy.isProvider(organization)
        && !roles.equals(VcloudRole.of(user, organization))) {
      throw VcloudFaults.bad(
          "The role of a system administrator can not be changed in another organization.");
    }
  }

  private User changed(User user, VcloudUserRequest wanted, Organization organization) {
    var roles = roles(user, wanted, organization);
    var profile = wanted.profileOver(VcloudProfile.of(user), roles, organization);
    return withRoles(user, roles, organization)
        .withFullName(wanted.fullName())
        .withEmail(wanted.email(), realm.clock().instant())
        .withStatus(wanted.status())
        .withExtras(VcloudDialect.NAME, profile.json());
  }

  private static User withRoles(User user, List<VcloudRole> roles, Organization organization) {
    var administrates = roles.stream().anyMatch(VcloudRole::managesUsers);
    var id = organization.id();
    if (VcloudTenancy.isProvider(organization)) {
      return administrates
          ? user.withAdministrator(true)
          : user.withAdministrator(false).withMembership(id, Membership.MEMBER); // and stays in it
    }
    if (administrates) {
      return user.administrator() ? user : user.withMembership(id, Membership.OWNER);
    }
    return user.owns(id) ? user.withMembership(id, Membership.MEMBER) : user;
  }

  /** The user is gone from every organization and every dialect, and with it its sessions. */
  Future<Reply> delete(Call call) {
    var urn = VcloudUsers.urn(call);
    return tenancy
        .context(call)
        .compose(
            context ->
                users
                    .edited(urn, context)
                    .compose(user -> delete(user, context))
                    .compose(user -> tasks.userDeleted(user, context)))
        .map(task -> Reply.empty(202).with("Location", call.origin() + "/api/task/" + task));
  }

  private Future<User> delete(User user, Context context) {
    if (context.isSelf(user)) {
      throw VcloudFaults.bad("You can not delete your own account.");
    }
    return realm
        .users()
        .by(context.caller().authority())
        .delete(user.id())
        .recover(
            thrown ->
                Future.failedFuture(
                    Failure.from(thrown).reason() == Reason.NO_SUCH_USER
                        ? VcloudUsers.refused(
                            VcloudFaults.NO_EDIT, VcloudUrn.parse(VcloudUrn.of(user)).orElseThrow())
                        : thrown));
  }
}
