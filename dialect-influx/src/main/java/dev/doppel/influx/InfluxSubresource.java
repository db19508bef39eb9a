package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import io.vertx.core.Future;

/**
 * The resource that a path is below, such as the organization of a member. The server looks it up
 * first and answers every error with the same 404 (2.9.1: kit/transport/http/middleware.go).
 */
final class InfluxSubresource {

  private InfluxSubresource() {}

  static Future<Organization> organization(Call call, InfluxOrganizations organizations) {
    return organization(call, call.parameter("orgID"), organizations);
  }

  static Future<Organization> organization(
      Call call, String text, InfluxOrganizations organizations) {
    var id = parse(text);
    return asPageNotFound(
        InfluxCaller.of(call).may(InfluxPermission.org(InfluxAction.READ, InfluxId.text(id)))
            ? organizations.find(new OrganizationId(id))
            : Future.failedFuture(Failure.of(Reason.FORBIDDEN)));
  }

  static Future<InfluxBuckets.Found> bucket(Call call, InfluxBuckets buckets) {
    return bucket(call, call.parameter("bucketID"), buckets);
  }

  static Future<InfluxBuckets.Found> bucket(Call call, String text, InfluxBuckets buckets) {
    var id = InfluxId.text(parse(text));
    return asPageNotFound(
        buckets
            .find(id)
            .map(
                found -> {
                  if (!InfluxCaller.of(call).may(found.needed(InfluxAction.READ))) {
                    throw Failure.of(Reason.FORBIDDEN);
                  }
                  return found;
                }));
  }

  private static long parse(String text) {
    try {
      return InfluxId.parse(text);
    } catch (Failure malformed) {
      throw InfluxErrors.CORRUPT_ID.newException(Reason.INVALID_ID, malformed.subject().orElse(""));
    }
  }

  /** Turns every error of the vendor into its 404; failures of this server stay. */
  private static <T> Future<T> asPageNotFound(Future<T> found) {
    return found.recover(
        thrown ->
            Future.failedFuture(
                InfluxErrors.isVendors(thrown) ? newNoSuchPageException() : thrown));
  }

  private static VendorErrorException newNoSuchPageException() {
    return InfluxErrors.NO_SUCH_PAGE.newException(Reason.NO_SUCH_PATH);
  }
}
