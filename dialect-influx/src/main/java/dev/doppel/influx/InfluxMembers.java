package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Operation.Action;
import dev.doppel.dialect.Reply;
import dev.doppel.influx.InfluxWire.Links;
import dev.doppel.influx.InfluxWire.MemberList;
import dev.doppel.influx.InfluxWire.MemberView;
import dev.doppel.influx.InfluxWire.NewUserBody;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The members or the owners of an organization: both have the same operations (2.9.1:
 * tenant/http_handler_urm.go).
 */
final class InfluxMembers {

  private final Realm realm;
  private final InfluxOrganizations organizations;
  private final InfluxUsers users;
  private final Membership membership;

  InfluxMembers(
      Realm realm, InfluxOrganizations organizations, InfluxUsers users, Membership membership) {
    this.realm = realm;
    this.organizations = organizations;
    this.users = users;
    this.membership = membership;
  }

  private String role() {
    return role(membership);
  }

  /** Returns the server's word. */
  static String role(Membership membership) {
    return membership.name().toLowerCase(Locale.ROOT);
  }

  /** Reads the id of the user to add. */
  static UserId wanted(Call call) {
    var body = call.body(NewUserBody.class);
    if (body.id() == null) {
      throw InfluxErrors.USER_ID_MISSING.newException(Reason.INVALID_VALUE, "id");
    }
    return InfluxId.user(body.id());
  }

  Action list() {
    return call -> within(call, org -> list(call, org));
  }

  Action add() {
    return call -> realm.change(now -> in(now).addWithin(call));
  }

  private Future<Reply> addWithin(Call call) {
    return within(call, org -> add(call, org));
  }

  Action remove() {
    return call -> realm.change(now -> in(now).removeWithin(call));
  }

  private Future<Reply> removeWithin(Call call) {
    return within(call, org -> remove(call, org));
  }

  /** Returns the same operations within a change. */
  private InfluxMembers in(Realm now) {
    return new InfluxMembers(now, organizations.in(now), users.in(now), membership);
  }

  /**
   * Runs an action with the organization of the path, which does not exist for a caller who may not
   * read it.
   */
  private Future<Reply> within(Call call, Function<Organization, Future<Reply>> action) {
    return InfluxSubresource.organization(call, organizations).compose(action);
  }

  /**
   * Lists them. In a session the visible users are the same as in every dialect; a token shows all.
   */
  private Future<Reply> list(Call call, Organization org) {
    var caller = InfluxCaller.of(call);
    var added = new UserFilter.In(org.id(), false);
    var seen =
        caller.token().isPresent()
            ? added
            : new UserFilter.All(
                List.of(added, realm.organizations().visibleTo(caller.user(), org)));
    return realm
        .users()
        .list(UserQuery.first(Integer.MAX_VALUE).matching(seen))
        .map(
            page ->
                page.items().stream()
                    .filter(user -> user.memberships().get(org.id()) == membership)
                    .map(user -> MemberView.of(role(), user))
                    .toList())
        .map(
            members ->
                Reply.ok(
                    new MemberList(
                        new Links("/api/v2/orgs/" + org.id() + "/" + role() + "s"), members)));
  }

  private Future<Reply> add(Call call, Organization org) {
    var id = wanted(call);
    return users
        .find(id)
        .compose(
            user -> {
              requireWrite(call, org.id());
              return realm
                  .users()
                  .by(InfluxCaller.of(call).authority())
                  .update(user.id(), one -> joined(one, org.id()))
                  .recover(InfluxCaller.asMissing(writing(org.id())));
            })
        .map(user -> Reply.created(MemberView.of(role(), user)));
  }

  private User joined(User user, OrganizationId org) {
    if (user.memberships().containsKey(org)) {
      throw InfluxErrors.ALREADY_MAPPED.newException(Reason.INVALID_VALUE, InfluxId.of(user));
    }
    return user.withMembership(org, membership);
  }

  private static void requireWrite(Call call, OrganizationId org) {
    InfluxCaller.of(call).require(writing(org));
  }

  private static InfluxPermission writing(OrganizationId org) {
    return new InfluxPermission(
        InfluxAction.WRITE, InfluxPermission.ORGS, org.toString(), org.toString());
  }

  /** Removes a user whether it is a member or an owner. Succeeds if it is neither. */
  private Future<Reply> remove(Call call, Organization org) {
    var id = InfluxId.user(call.parameter("userID"));
    return Failure.emptyIf(Reason.NO_SUCH_USER, users.find(id))
        .map(found -> found.filter(user -> user.memberships().containsKey(org.id())))
        .compose(
            member -> {
              if (member.isEmpty()) {
                return Future.succeededFuture();
              }
              requireWrite(call, org.id());
              return realm
                  .users()
                  .by(InfluxCaller.of(call).authority())
                  .update(member.get().id(), user -> user.withoutMembership(org.id()))
                  .recover(InfluxCaller.asMissing(writing(org.id())));
            })
        .map(done -> Reply.noContent());
  }
}
