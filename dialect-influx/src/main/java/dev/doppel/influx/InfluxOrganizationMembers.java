package dev.doppel.influx;

import dev.doppel.dialect.Call;
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

/** Organizations with their members and owners, who are the same in every dialect. */
record InfluxOrganizationMembers(Realm realm, InfluxOrganizations organizations, InfluxUsers users)
    implements InfluxMembers.Resources<Organization> {

  @Override
  public InfluxOrganizationMembers in(Realm now) {
    return new InfluxOrganizationMembers(now, organizations.in(now), users.in(now));
  }

  @Override
  public Future<Organization> find(Call call) {
    return InfluxSubresource.organization(call, organizations);
  }

  @Override
  public String path(Organization org) {
    return "/api/v2/orgs/" + org.id();
  }

  @Override
  public InfluxPermission writing(Organization org) {
    var id = org.id().toString();
    return new InfluxPermission(InfluxAction.WRITE, InfluxPermission.ORGS, id, id);
  }

  /** In a session the visible users are the same as in every dialect; a token shows all. */
  @Override
  public Future<List<User>> list(InfluxCaller caller, Organization org, Membership membership) {
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
                    .toList());
  }

  /** Finds any user, since only a caller who administers the organization can add it. */
  @Override
  public Future<User> findUser(InfluxCaller caller, Organization org, UserId id) {
    return users.find(id);
  }

  @Override
  public boolean has(Organization org, User user) {
    return user.memberships().containsKey(org.id());
  }

  @Override
  public Future<User> add(InfluxCaller caller, Organization org, User user, Membership membership) {
    return realm
        .users()
        .by(caller.authority())
        .update(user.id(), one -> joined(one, org.id(), membership));
  }

  private static User joined(User user, OrganizationId org, Membership membership) {
    if (user.memberships().containsKey(org)) {
      throw InfluxErrors.ALREADY_MAPPED.newException(Reason.INVALID_VALUE, InfluxId.of(user));
    }
    return user.withMembership(org, membership);
  }

  @Override
  public Future<User> remove(InfluxCaller caller, Organization org, User user) {
    return realm
        .users()
        .by(caller.authority())
        .update(user.id(), one -> one.withoutMembership(org.id()));
  }
}
