package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.influx.InfluxWire.NewOrg;
import dev.doppel.influx.InfluxWire.OrgList;
import dev.doppel.influx.InfluxWire.OrgUpdate;
import dev.doppel.influx.InfluxWire.OrgView;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Realm;
import dev.doppel.users.UserId;
import dev.doppel.wire.go.GoStrings;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Organizations (2.9.1: tenant/http_server_org.go, tenant/service_org.go). */
final class InfluxOrganizations {

  private final Realm realm;

  InfluxOrganizations(Realm realm) {
    this.realm = realm;
  }

  /** Returns the same operations within a change. */
  InfluxOrganizations in(Realm now) {
    return new InfluxOrganizations(now);
  }

  Future<Reply> list(Call call) {
    var page = InfluxPaging.of(call);
    var caller = InfluxCaller.of(call);
    var name = InfluxPaging.parameter(call, "org");
    var id = InfluxPaging.parameter(call, "orgID").flatMap(InfluxOrganizations::parseFilterId);
    var member = InfluxPaging.parameter(call, "userID").flatMap(UserId::parse);
    if (id.isPresent()) {
      return find(id.get()).map(List::of).map(found -> shown(caller, found));
    }
    if (name.isPresent()) {
      return find(name.get()).map(List::of).map(found -> shown(caller, found));
    }
    if (member.isEmpty()
        && !caller.may(InfluxPermission.all(InfluxAction.READ, InfluxPermission.ORGS))) {
      member = Optional.of(caller.user().id());
    }
    return (member.isPresent() ? of(member.get()) : all())
        .map(found -> shown(caller, page.cut(found)));
  }

  /**
   * Reads an id of a filter; empty if it is malformed, since the server then ignores the filter.
   */
  static Optional<OrganizationId> parseFilterId(String text) {
    return UserId.parse(text).map(id -> new OrganizationId(id.value()));
  }

  private static Reply shown(InfluxCaller caller, List<Organization> found) {
    return Reply.ok(
        OrgList.of(
            found.stream()
                .filter(
                    org -> caller.may(InfluxPermission.org(InfluxAction.READ, org.id().toString())))
                .toList()));
  }

  /**
   * Returns the organizations in ascending order of id, without the System organization, which
   * InfluxDB does not have.
   */
  Future<List<Organization>> all() {
    return realm
        .organizations()
        .list()
        .map(
            found ->
                found.stream()
                    .filter(org -> !hidden(org))
                    .sorted(Comparator.comparing(org -> org.id().toString()))
                    .toList());
  }

  private Future<List<Organization>> of(UserId member) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(member))
        .compose(
            user ->
                all()
                    .map(
                        found ->
                            found.stream()
                                .filter(
                                    org ->
                                        user.isPresent()
                                            && user.get().memberships().containsKey(org.id()))
                                .toList()));
  }

  private static boolean hidden(Organization org) {
    return org.kind() == Organization.Kind.SYSTEM;
  }

  private static Organization visible(Organization org) {
    if (hidden(org)) {
      throw Failure.of(Reason.NO_SUCH_ORGANIZATION, org.name());
    }
    return org;
  }

  /** Finds an organization by id. Fails with NO_SUCH_ORGANIZATION. */
  Future<Organization> find(OrganizationId id) {
    return realm.organizations().find(id).map(InfluxOrganizations::visible);
  }

  /** Finds an organization by name. Fails with the server's message for a name. */
  Future<Organization> find(String name) {
    return realm
        .organizations()
        .find(name)
        .map(InfluxOrganizations::visible)
        .recover(
            thrown ->
                Future.failedFuture(
                    Failure.from(thrown).reason() == Reason.NO_SUCH_ORGANIZATION
                        ? InfluxErrors.ORGANIZATION_NAME_NOT_FOUND.newException(
                            Reason.NO_SUCH_ORGANIZATION, GoStrings.quote(name))
                        : thrown));
  }

  Future<Reply> create(Call call, NewOrg body) {
    var ignored = InfluxId.inBody(body.id());
    var caller = InfluxCaller.of(call);
    caller.require(InfluxPermission.all(InfluxAction.WRITE, InfluxPermission.ORGS));
    var description = Optional.ofNullable(body.description()).orElse("");
    var name = checkedName(body.name() == null ? "" : body.name());
    return realm
        .change(now -> in(now).create(name, description, caller.user().id()))
        .map(org -> Reply.created(OrgView.of(org)));
  }

  /**
   * Creates an organization. Fails with INACTIVE_USER, as for any deleted caller, if the owner is
   * gone.
   */
  private Future<Organization> create(String name, String description, UserId owner) {
    return create(name, description)
        .compose(
            org ->
                realm
                    .users()
                    .by(Authority.SERVER) // the creator of an organization owns it
                    .update(owner, user -> user.withMembership(org.id(), Membership.OWNER))
                    .recover(Failure.replacing(Reason.NO_SUCH_USER, Reason.INACTIVE_USER))
                    .map(org));
  }

  Future<Organization> create(String name, String description) {
    return realm.change(within -> create(within, name, description));
  }

  private static Future<Organization> create(Realm realm, String name, String description) {
    var id = new OrganizationId(InfluxId.random(realm.secrets()));
    return realm.organizations().create(id, name, description);
  }

  /**
   * Changes the extras of an organization. If the change throws, the future fails and nothing is
   * stored.
   */
  Future<Organization> changeExtras(
      Organization org, UnaryOperator<InfluxOrganizationExtras> change) {
    return realm
        .organizations()
        .updateExtras(
            org.id(),
            InfluxDialect.NAME,
            json -> change.apply(InfluxOrganizationExtras.of(json)).json());
  }

  private static String checkedName(String name) {
    if (GoStrings.trimSpace(name).isEmpty()) {
      throw InfluxErrors.ORG_NAME_EMPTY.newException(Reason.INVALID_VALUE, "name");
    }
    return name;
  }

  Future<Reply> get(Call call) {
    var id = routeId(call);
    InfluxCaller.of(call).require(InfluxPermission.org(InfluxAction.READ, id.toString()));
    return find(id).map(org -> Reply.ok(OrgView.of(org)));
  }

  static OrganizationId routeId(Call call) {
    return InfluxId.organization(call.parameter("orgID"));
  }

  Future<Reply> update(Call call) {
    var id = routeId(call);
    var body = call.body(OrgUpdate.class);
    var needed = InfluxPermission.org(InfluxAction.WRITE, id.toString());
    var caller = InfluxCaller.of(call);
    caller.require(needed);
    return find(id)
        .compose(
            found -> {
              if (body.name() != null) {
                checkedName(body.name());
              }
              return realm
                  .change(
                      within ->
                          within
                              .organizations()
                              .update(caller.authority(), id, org -> changed(org, body)))
                  .recover(InfluxCaller.asMissing(needed));
            })
        .map(org -> Reply.ok(OrgView.of(org)));
  }

  private static Organization changed(Organization org, OrgUpdate body) {
    var named = body.name() == null ? org : org.withName(body.name());
    return body.description() == null ? named : named.withDescription(body.description());
  }

  Future<Reply> delete(Call call) {
    var id = routeId(call);
    var needed = InfluxPermission.org(InfluxAction.WRITE, id.toString());
    var caller = InfluxCaller.of(call);
    caller.require(needed);
    return find(id)
        .compose(
            found ->
                realm
                    .organizations()
                    .delete(caller.authority(), id)
                    .recover(InfluxCaller.asMissing(needed)))
        .map(gone -> Reply.noContent());
  }
}
