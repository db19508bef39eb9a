package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import java.util.List;
import java.util.TreeMap;

/** Rights and their categories, which can only be read (CloudAPI "Rights", "RightsCategories"). */
final class VcloudRights {

  static final VcloudListing LISTING =
      new VcloudListing(
          "Rights",
          List.of(
              "name",
              "id",
              "description",
              "bundleKey",
              "category",
              "serviceNamespace",
              "rightType"));

  private static final VcloudListing CATEGORIES =
      new VcloudListing("RightsCategoryNodes", List.of("name", "id", "bundleKey", "parent"));

  private final VcloudTenancy tenancy;

  VcloudRights(VcloudTenancy tenancy) {
    this.tenancy = tenancy;
  }

  /** Lists the rights that roles of the organization can have. */
  Future<Reply> query(Call call) {
    return available(call).map(rights -> page(call, rights));
  }

  static Reply page(Call call, List<VcloudRight> rights) {
    return LISTING.page(call, rights.stream().map(VcloudRight::view).toList());
  }

  private Future<List<VcloudRight>> available(Call call) {
    return tenancy
        .context(call)
        .compose(context -> tenancy.availableRights(context.organization()));
  }

  Future<Reply> get(Call call) {
    var urn = VcloudUrn.require(call.parameter("rightUrn"), "right");
    return available(call)
        .map(
            rights ->
                rights.stream()
                    .filter(right -> right.urn().equals(urn))
                    .findFirst()
                    .map(right -> Reply.ok(right.view()))
                    .orElseThrow(
                        () ->
                            VcloudErrors.NO_RIGHT.newException(
                                Reason.FORBIDDEN, urn.uuid().toString())));
  }

  Future<Reply> queryCategories(Call call) {
    return available(call).map(rights -> CATEGORIES.page(call, categories(rights)));
  }

  Future<Reply> getCategory(Call call) {
    var urn = VcloudUrn.require(call.parameter("categoryUrn"), "rightsCategory");
    return available(call)
        .map(
            rights ->
                categories(rights).stream()
                    .filter(category -> category.id().equals(urn.toString()))
                    .findFirst()
                    .map(Reply::ok)
                    .orElseThrow(
                        () ->
                            VcloudErrors.NO_RIGHT.newException(
                                Reason.FORBIDDEN, urn.uuid().toString())));
  }

  private static List<VcloudWire.RightsCategoryNode> categories(List<VcloudRight> rights) {
    var counts = new TreeMap<String, VcloudWire.RightsCount>();
    for (var right : rights) {
      var isView = right.type() == VcloudRight.Type.VIEW;
      counts.merge(
          right.categoryName(),
          new VcloudWire.RightsCount(isView ? 1 : 0, isView ? 0 : 1),
          VcloudWire.RightsCount::plus);
    }
    return counts.entrySet().stream()
        .map(
            category ->
                new VcloudWire.RightsCategoryNode(
                    category.getKey(),
                    VcloudRight.categoryUrn(category.getKey()).toString(),
                    VcloudRight.categoryKey(category.getKey()),
                    null,
                    category.getValue(),
                    List.of()))
        .toList();
  }
}
