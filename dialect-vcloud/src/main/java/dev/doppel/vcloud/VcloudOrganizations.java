package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Organizations: a provider sees all, a tenant its own (CloudAPI "Orgs"). */
final class VcloudOrganizations {

  private final Realm realm;
  private final VcloudTenancy tenancy;

  VcloudOrganizations(Realm realm, VcloudTenancy tenancy) {
    this.realm = realm;
    this.tenancy = tenancy;
  }

  Future<Reply> query(Call call) {
    var caller = VcloudCaller.of(call);
    var visible =
        caller.provider()
            ? realm.organizations().list()
            : Future.succeededFuture(List.of(caller.organization()));
    var listing =
        new VcloudListing("Orgs", VcloudOrganizationView.searchable(VcloudVersion.of(call)));
    return visible
        .compose(
            all -> Future.all(all.stream().map(organization -> view(call, organization)).toList()))
        .map(views -> listing.page(call, views.list()));
  }

  Future<Reply> get(Call call) {
    return find(call, tenancy, VcloudCaller.of(call))
        .compose(organization -> view(call, organization))
        .map(Reply::ok);
  }

  /** Finds the organization in the path: any for a provider, its own for a tenant. */
  private static Future<Organization> find(Call call, VcloudTenancy tenancy, VcloudCaller caller) {
    var urn = VcloudUrn.require(call.parameter("orgUrn"), "org");
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, tenancy.find(urn))
        .map(
            found ->
                found
                    .filter(one -> caller.provider() || one.id().equals(caller.organization().id()))
                    .orElseThrow(() -> newException(urn)));
  }

  private static RuntimeException newException(VcloudUrn urn) {
    return VcloudErrors.NO_ORGANIZATION.newException(Reason.FORBIDDEN, urn.uuid().toString());
  }

  /** Returns organizations as entities that can have quotas, which only a provider assigns. */
  VcloudQuotas.Target quotaTarget() {
    return new VcloudQuotas.Target(
        (call, context) -> find(call, tenancy, context.caller()).map(VcloudUserView::reference),
        (now, call, context) ->
            find(call, new VcloudTenancy(now.organizations()), context.caller())
                .map(
                    found -> {
                      if (!context.caller().provider()) {
                        throw newException(VcloudUrn.of(found));
                      }
                      return VcloudUserView.reference(found);
                    }));
  }

  /** Returns an organization as the caller sees it. */
  Future<Map<String, @Nullable Object>> view(Call call, Organization organization) {
    var complete = VcloudCaller.of(call).has(VcloudRight.ADMINISTRATOR_VIEW);
    return realm
        .users()
        .list(
            UserQuery.first(0).matching(realm.organizations().membersOf(organization)).withTotal())
        .compose(
            members ->
                managed(organization)
                    .map(
                        managed ->
                            new VcloudOrganizationView(
                                    organization,
                                    VcloudVersion.of(call),
                                    complete,
                                    members.total(),
                                    managed)
                                .properties()));
  }

  /** Returns the number of organizations that one manages: all others if it is the provider's. */
  private Future<Integer> managed(Organization organization) {
    return VcloudUrn.isProvider(organization)
        ? realm.organizations().list().map(all -> all.size() - 1)
        : Future.succeededFuture(0);
  }
}
