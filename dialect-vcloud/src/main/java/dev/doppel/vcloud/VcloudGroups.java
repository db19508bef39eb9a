package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.util.List;

/**
 * Groups, of which there are none: they are imported from an identity provider, and none is
 * configured (CloudAPI "Groups").
 */
final class VcloudGroups {

  private static final VcloudListing LISTING =
      new VcloudListing(
          "UserGroups",
          List.of(
              "name",
              "id",
              "description",
              "orgEntityRef.id",
              "orgEntityRef.name",
              "roleEntityRef.id",
              "roleEntityRef.name",
              "nameInSource",
              "providerType"));

  private final VcloudTenancy tenancy;

  VcloudGroups(VcloudTenancy tenancy) {
    this.tenancy = tenancy;
  }

  Future<Reply> query(Call call) {
    return tenancy.context(call).map(context -> LISTING.page(call, List.of()));
  }

  /** Fails for every group of the older API, whose path has a UUID. */
  Future<Reply> getOlder(Call call) {
    var urn = VcloudHref.require(call, "groupUrn", "group");
    throw VcloudErrors.NO_GROUP.newException(Reason.FORBIDDEN, urn.uuid().toString());
  }

  /** Fails for every group. Also serves the users of a group. */
  Future<Reply> get(Call call) {
    var urn = VcloudUrn.require(call.parameter("groupUrn"), "group");
    return tenancy
        .context(call)
        .map(
            context -> {
              throw VcloudErrors.NO_GROUP.newException(Reason.FORBIDDEN, urn.uuid().toString());
            });
  }
}
