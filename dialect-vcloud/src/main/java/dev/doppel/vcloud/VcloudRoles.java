package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.util.List;

/** The operations on the roles that users can have (CloudAPI "Roles"). */
final class VcloudRoles {

  private static final VcloudListing LISTING =
      new VcloudListing("Roles", List.of("name", "id", "description", "bundleKey", "readOnly"));

  private final VcloudTenancy tenancy;

  VcloudRoles(VcloudTenancy tenancy) {
    this.tenancy = tenancy;
  }

  Future<Reply> query(Call call) {
    return tenancy
        .context(call)
        .compose(context -> tenancy.roles(context.organization()))
        .map(roles -> LISTING.page(call, roles.all().stream().map(VcloudRole::view).toList()));
  }

  Future<Reply> get(Call call) {
    var urn = VcloudUrn.require(call.parameter("roleUrn"), "role");
    return tenancy
        .context(call)
        .compose(context -> tenancy.roles(context.organization()))
        .map(
            roles ->
                roles
                    .find(urn)
                    .map(VcloudRole::view)
                    .map(Reply::ok)
                    .orElseThrow(
                        () ->
                            VcloudErrors.NO_ROLE.newException(
                                Reason.FORBIDDEN, urn.uuid().toString())));
  }
}
