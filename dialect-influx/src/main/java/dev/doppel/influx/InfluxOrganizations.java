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
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

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
    return (member.isPresent() ? of(member.get(), page) : all().map(page::cut))
        .map(found -> shown(caller, found));
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

  /**
   * Returns a page of the organizations of a user. The offset counts everything the user is mapped
   * to, the limit only organizations.
   */
  private Future<List<Organization>> of(UserId member, InfluxPaging page) {
    return Failure.emptyIf(
            Reason.NO_SUCH_USER,
            realm.users().find(Optional.of(member), InfluxWire.alias(member.toString())))
        .map(user -> user.map(InfluxMappings::of).orElse(List.of()))
        .compose(mappings -> all().map(all -> of(mappings, page, all)));
  }

  private static List<Organization> of(
      List<InfluxMappings.Mapping> mappings, InfluxPaging page, List<Organization> all) {
    var byId = all.stream().collect(Collectors.toMap(org -> org.id().toString(), org -> org));
    return mappings.stream()
        .filter(mapping -> mapping.isOfOneOf(byId))
        .skip(page.skipped())
        .flatMap(mapping -> mapping.asOneOf(byId).stream())
        .limit(page.limit())
        .toList();
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

  /**
   * Finds an organization by name, whatever white space is around it. Fails with the server's
   * message for a name.
   */
  Future<Organization> find(String name) {
    return all()
        .map(
            all ->
                namesake(all, name)
                    .orElseThrow(
                        () ->
                            InfluxErrors.ORGANIZATION_NAME_NOT_FOUND.newException(
                                Reason.NO_SUCH_ORGANIZATION, name)));
  }

  private static Optional<Organization> namesake(List<Organization> all, String name) {
    var key = GoStrings.trimSpace(name);
    return all.stream().filter(org -> GoStrings.trimSpace(name(org)).equals(key)).findFirst();
  }

  /** For {@link Future#recover}: fails with another exception if the organization is gone. */
  static <T> Function<Throwable, Future<T>> ifGone(Supplier<RuntimeException> exception) {
    return Failure.on(Reason.NO_SUCH_ORGANIZATION, () -> Future.failedFuture(exception.get()));
  }

  // ---- names

  /**
   * Returns the name that InfluxDB's clients gave to an organization. Elsewhere it has its id
   * behind it if the name alone has another meaning there.
   */
  static String name(Organization org) {
    var suffix = suffix(org.id());
    return org.name().endsWith(suffix)
        ? org.name().substring(0, org.name().length() - suffix.length())
        : org.name();
  }

  private static String suffix(OrganizationId id) {
    return "-" + id;
  }

  /**
   * Stores an organization under a name, or with its id behind it if the name is taken, such as by
   * the system organization, which InfluxDB doesn't have. Only within a change. Stores once, since
   * a failed write can end a change.
   */
  private Future<Organization> named(
      String name, OrganizationId id, Function<String, Future<Organization>> store) {
    return realm
        .organizations()
        .isNameFree(name, id)
        .map(free -> free && !name.endsWith(suffix(id)) ? name : name + suffix(id))
        .compose(store)
        .recover(InfluxOrganizations::asTooLarge);
  }

  private static <T> Future<T> asTooLarge(Throwable thrown) {
    return Future.failedFuture(
        Failure.from(thrown).reason() == Reason.INVALID_VALUE
            ? InfluxErrors.KEY_TOO_LARGE.newException(Reason.INVALID_VALUE, "name")
            : thrown);
  }

  /** Checks that no organization has a name, whatever white space is around it. */
  private Future<Void> checkName(String name) {
    if (GoStrings.trimSpace(name).isEmpty()) {
      return Future.failedFuture(
          InfluxErrors.ORG_NAME_EMPTY.newException(Reason.INVALID_VALUE, "name"));
    }
    return all()
        .compose(
            all ->
                namesake(all, name).isPresent()
                    ? Future.failedFuture(Failure.of(Reason.ORGANIZATION_EXISTS, name))
                    : Future.succeededFuture());
  }

  // ---- changes

  Future<Reply> create(Call call, NewOrg body) {
    var ignored = InfluxId.inBody(body.id());
    var caller = InfluxCaller.of(call);
    caller.require(InfluxPermission.all(InfluxAction.WRITE, InfluxPermission.ORGS));
    var description = Optional.ofNullable(body.description()).orElse("");
    var name = Optional.ofNullable(body.name()).orElse("");
    return realm
        .change(now -> in(now).create(name, description, caller.user().id()))
        .map(org -> Reply.created(OrgView.of(org)));
  }

  /**
   * Creates an organization for its owner. Fails with INACTIVE_USER if the owner has been deleted.
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
    return realm.change(now -> in(now).insert(name, description));
  }

  private Future<Organization> insert(String name, String description) {
    var id = new OrganizationId(InfluxId.random(realm.secrets()));
    return checkName(name)
        .compose(
            free ->
                named(name, id, stored -> realm.organizations().create(id, stored, description)));
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
    return realm
        .change(now -> in(now).update(caller.authority(), id, body))
        .recover(InfluxCaller.asMissing(needed))
        .map(org -> Reply.ok(OrgView.of(org)));
  }

  private Future<Organization> update(Authority by, OrganizationId id, OrgUpdate body) {
    return find(id)
        .compose(
            found -> {
              var name = body.name();
              if (name == null || name.equals(name(found))) {
                return realm.organizations().update(by, id, org -> described(org, body));
              }
              return checkName(name)
                  .compose(
                      free ->
                          named(
                              name,
                              id,
                              stored ->
                                  realm
                                      .organizations()
                                      .update(
                                          by, id, org -> described(org.withName(stored), body))));
            });
  }

  private static Organization described(Organization org, OrgUpdate body) {
    return body.description() == null ? org : org.withDescription(body.description());
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
                    .change(now -> in(now).delete(caller.authority(), id))
                    .recover(InfluxCaller.asMissing(needed)))
        .map(gone -> Reply.noContent());
  }

  /** Deletes an organization with the users of its buckets, but not its labels. */
  private Future<Void> delete(Authority by, OrganizationId id) {
    return realm
        .organizations()
        .delete(by, id)
        .compose(
            gone ->
                keepLabels(gone)
                    .compose(
                        kept ->
                            InfluxMappings.removeUsers(
                                realm.users(), InfluxOrganizationExtras.of(gone).buckets())));
  }

  /** Moves the labels of a deleted organization to the system organization. */
  private Future<Void> keepLabels(Organization gone) {
    var labels = InfluxOrganizationExtras.of(gone).labels();
    return labels.isEmpty()
        ? Future.succeededFuture()
        : realm
            .organizations()
            .system()
            .compose(system -> changeExtras(system, extras -> extras.withLabels(labels)))
            .mapEmpty();
  }
}
