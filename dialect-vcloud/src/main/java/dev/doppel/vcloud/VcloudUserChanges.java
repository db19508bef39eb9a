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
import java.util.UUID;
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

  /** Returns the same operations in a change that is under way. */
  private VcloudUserChanges in(Realm now) {
    return new VcloudUserChanges(
        now, new VcloudTenancy(now.organizations()), users.in(now), tasks, rules);
  }

  /** A user after a change, and where it was made. */
  private record Changed(User user, Context context) {}

  Future<Reply> create(Call call, VcdUser body) {
    var wanted = VcloudUserRequest.toCreate(body, VcloudVersion.of(call, rules));
    return tenancy
        .context(call)
        .map(context -> newUser(wanted.username(), wanted, context)) // before a password is hashed
        .compose(realm.users()::hashed)
        .compose(user -> realm.change(now -> in(now).create(call, wanted, user.hash())))
        .map(
            created ->
                Reply.created(users.view(call, created.user, created.context))
                    .with(
                        "Content-Location",
                        call.origin()
                            + VcloudApi.VERSIONED
                            + "/users/"
                            + VcloudUrn.of(created.user)));
  }

  private Future<Changed> create(Call call, VcloudUserRequest wanted, Optional<PasswordHash> hash) {
    return VcloudTenancy.context(realm, call)
        .compose(
            context ->
                named(
                        wanted.username(),
                        context.organization(),
                        Optional.empty(),
                        name -> insert(newUser(name, wanted, context), hash, context))
                    .map(user -> new Changed(user, context)));
  }

  private Future<User> insert(NewUser user, Optional<PasswordHash> hash, Context context) {
    return realm
        .users()
        .by(context.caller().authority())
        .create(hash.map(user::withHash).orElse(user));
  }

  /** With its password in clear text, if it has one. */
  private static NewUser newUser(String name, VcloudUserRequest wanted, Context context) {
    var organization = context.organization();
    if (!context.manages()) {
      throw VcloudUsers.refused(VcloudErrors.NO_EDIT, VcloudUrn.of(organization));
    }
    wanted.checkOrganization(organization);
    var roles = wanted.rolesIn(organization).orElse(List.of(VcloudRole.DEFER_TO_IDENTITY_PROVIDER));
    var profile = wanted.profileOver(VcloudProfile.NONE, roles, organization);
    var user =
        made(NewUser.named(name), roles, organization)
            .withStatus(wanted.status())
            .withExtras(VcloudApi.NAME, profile.json());
    user = wanted.password().map(user::withPassword).orElse(user);
    user = wanted.fullName().map(user::withFullName).orElse(user);
    return wanted.email().map(user::withEmail).orElse(user);
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
   * this one it is a duplicate, by whichever of the two it is known. Part of a change, in which the
   * name stays taken or free.
   *
   * @param renamed the user who gets the name, if there is one already
   */
  private Future<User> named(
      String shown,
      Organization organization,
      Optional<User> renamed,
      Function<String, Future<User>> change) {
    if (ReservedNames.contains(shown)) { // also as a namesake's
      return Future.failedFuture(Failure.of(Reason.USER_EXISTS, shown));
    }
    var namesake = VcloudNames.ofNamesake(shown, organization);
    return absent(namesake, organization)
        .compose(free -> isTakenElsewhere(shown, organization, renamed))
        .compose(taken -> change.apply(taken ? namesake : shown))
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

  /** Whether nobody in the organization can be kept under the name by which they are shown. */
  private Future<Boolean> isTakenElsewhere(
      String shown, Organization organization, Optional<User> renamed) {
    if (!VcloudNames.shownAsItIs(shown, organization)) {
      return Future.succeededFuture(true);
    }
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(shown))
        .compose(
            holder ->
                holder.isPresent()
                    ? Future.succeededFuture(!realm.organizations().has(organization, holder.get()))
                    : isAddress(shown, renamed)
                        .compose(
                            address ->
                                address || renamed.isEmpty()
                                    ? Future.succeededFuture(address)
                                    : isShownElsewhere(shown, renamed.get())));
  }

  /** Whether the name is somebody else's e-mail address. */
  private Future<Boolean> isAddress(String name, Optional<User> but) {
    return realm
        .storage()
        .users()
        .havingEmail(name)
        .map(
            all ->
                all.stream().anyMatch(one -> but.map(User::id).filter(one.id()::equals).isEmpty()));
  }

  /** Whether somebody is shown by the name in one of the organizations of the user. */
  private Future<Boolean> isShownElsewhere(String name, User user) {
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
        .map(changed -> Reply.ok(users.view(call, changed.user, changed.context)));
  }

  private Future<Changed> update(Call call, VcloudUrn urn, VcdUser body, Context context) {
    return rules.ownPasswordByPut() && !context.manages()
        ? users
            .self(urn, context)
            .compose(self -> ownPassword(self, body, urn, context))
            .map(self -> new Changed(self, context))
        : replace(call, urn, body, context);
  }

  /** Whoever manages nobody may say the same again, but for the password. */
  private Future<User> ownPassword(User self, VcdUser body, VcloudUrn urn, Context context) {
    var same = sameButPassword(self, body, urn, context);
    return VcloudUserRequest.password(body)
        .map(
            password ->
                realm
                    .users()
                    .by(context.caller().authority())
                    .setPassword(
                        self.id(), password, user -> sameButPassword(user, body, urn, context)))
        .orElse(Future.succeededFuture(same));
  }

  private static User sameButPassword(User user, VcdUser body, VcloudUrn urn, Context context) {
    if (!VcloudUserRequest.changesPasswordAlone(body, user, context.organization())) {
      throw VcloudUsers.refused(VcloudErrors.NO_EDIT, urn);
    }
    return user;
  }

  private Future<Changed> replace(Call call, VcloudUrn urn, VcdUser body, Context context) {
    var wanted = VcloudUserRequest.toReplace(body, VcloudVersion.of(call, rules));
    return users
        .edited(urn, context)
        .compose(
            user -> {
              check(user, urn, wanted, context); // before a password is hashed
              return hash(wanted);
            })
        .compose(hash -> realm.change(now -> in(now).replace(call, urn, wanted, hash)));
  }

  private Future<Optional<PasswordHash>> hash(VcloudUserRequest wanted) {
    return wanted
        .password()
        .map(password -> NewUser.named(wanted.username()).withPassword(password))
        .map(user -> realm.users().hashed(user).map(NewUser::hash))
        .orElse(Future.succeededFuture(Optional.empty()));
  }

  private Future<Changed> replace(
      Call call, VcloudUrn urn, VcloudUserRequest wanted, Optional<PasswordHash> hash) {
    return VcloudTenancy.context(realm, call)
        .compose(
            context ->
                users
                    .edited(urn, context)
                    .compose(user -> replace(user, urn, wanted, hash, context))
                    .map(user -> new Changed(user, context)));
  }

  private Future<User> replace(
      User user,
      VcloudUrn urn,
      VcloudUserRequest wanted,
      Optional<PasswordHash> hash,
      Context context) {
    check(user, urn, wanted, context);
    var organization = context.organization();
    var changes = realm.users().by(context.caller().authority());
    UnaryOperator<User> change =
        one -> changed(hash.map(one::withPassword).orElse(one), wanted, organization);
    return wanted.renames(user, organization)
        ? named(
            wanted.username(),
            organization,
            Optional.of(user),
            name -> changes.update(user.id(), one -> change.apply(one).withName(name)))
        : changes.update(user.id(), change);
  }

  private static void check(User user, VcloudUrn urn, VcloudUserRequest wanted, Context context) {
    if (!context.edits(user)) {
      throw VcloudUsers.refused(VcloudErrors.NO_EDIT, urn);
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

  /** Nobody shuts themselves out, so somebody is always left who can let others in. */
  private static void checkKeepsSay(VcloudUserRequest wanted, List<VcloudRole> roles) {
    if (wanted.status() == Status.INACTIVE) {
      throw VcloudErrors.bad("You can not disable your own account.");
    }
    if (roles.stream().noneMatch(VcloudRole::managesUsers)) {
      throw VcloudErrors.bad("You can not take the administrator role from your own account.");
    }
  }

  /** Whoever administrates the whole does so in each part, and that can't be changed in a part. */
  private static void checkAdministrator(
      User user, List<VcloudRole> roles, Organization organization) {
    if (user.administrator()
        && !VcloudUrn.isProvider(organization)
        && !roles.equals(VcloudRole.of(user, organization))) {
      throw VcloudErrors.bad(
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
        .withExtras(VcloudApi.NAME, profile.json());
  }

  private static User withRoles(User user, List<VcloudRole> roles, Organization organization) {
    var administrates = roles.stream().anyMatch(VcloudRole::managesUsers);
    var id = organization.id();
    if (VcloudUrn.isProvider(organization)) {
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
    return realm
        .change(now -> in(now).delete(call, urn))
        .map(task -> Reply.empty(202).with("Location", call.origin() + "/api/task/" + task));
  }

  private Future<UUID> delete(Call call, VcloudUrn urn) {
    return VcloudTenancy.context(realm, call)
        .compose(
            context ->
                users
                    .edited(urn, context)
                    .compose(user -> delete(user, context))
                    .compose(user -> tasks.userDeleted(realm, user, context)));
  }

  private Future<User> delete(User user, Context context) {
    if (context.isSelf(user)) {
      throw VcloudErrors.bad("You can not delete your own account.");
    }
    return realm.users().by(context.caller().authority()).delete(user.id());
  }
}
