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
import java.util.Objects;

/** Organizations: a provider sees all, a tenant its own (CloudAPI "Orgs"). */
final class VcloudOrganizations {

  private static final VcloudListing LISTING =
      new VcloudListing(
          "Orgs",
          List.of(
              "id",
              "name",
              "displayName",
              "description",
              "isEnabled",
              "orgVdcCount",
              "catalogCount",
              "vappCount",
              "runningVMCount",
              "userCount",
              "diskCount",
              "canPublish"));

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
    return visible
        .compose(
            all -> Future.all(all.stream().map(organization -> view(call, organization)).toList()))
        .map(views -> LISTING.page(call, views.list()));
  }

  Future<Reply> get(Call call) {
    var urn = VcloudUrn.require(call.parameter("orgUrn"), "org");
    var caller = VcloudCaller.of(call);
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, tenancy.find(urn))
        .map(
            found ->
                found
                    .filter(one -> caller.provider() || one.id().equals(caller.organization().id()))
                    .orElseThrow(
                        () ->
                            VcloudErrors.NO_ORGANIZATION.newException(
                                Reason.FORBIDDEN, urn.uuid().toString())))
        .compose(organization -> view(call, organization))
        .map(Reply::ok);
  }

  /** Returns an organization as the caller sees it. */
  Future<VcloudWire.Org> view(Call call, Organization organization) {
    var extras = VcloudOrganizationExtras.of(organization);
    var disks = VcloudVersion.of(call).since(VcloudVersion.WITH_DISK_COUNT);
    return realm
        .users()
        .list(
            UserQuery.first(0).matching(realm.organizations().membersOf(organization)).withTotal())
        .map(
            members ->
                new VcloudWire.Org(
                    VcloudUrn.of(organization).toString(),
                    organization.name(),
                    Objects.requireNonNullElse(extras.fullName(), organization.name()),
                    organization.description(),
                    extras.isEnabled(),
                    0,
                    0,
                    0,
                    0,
                    members.total(),
                    disks ? 0 : null,
                    false));
  }
}
