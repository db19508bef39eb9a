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
    var id = id(call, "orgID");
    return asPageNotFound(
        InfluxCaller.of(call).may(InfluxPermission.org(InfluxAction.READ, InfluxId.text(id)))
            ? organizations.find(new OrganizationId(id))
            : Future.failedFuture(Failure.of(Reason.FORBIDDEN)));
  }

  static Future<InfluxBuckets.Found> bucket(Call call, InfluxBuckets buckets) {
    var id = InfluxId.text(id(call, "bucketID"));
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

  private static long id(Call call, String parameter) {
    try {
      return InfluxId.parse(call.parameter(parameter));
    } catch (Failure malformed) {
      throw InfluxErrors.CORRUPT_ID.newException(Reason.INVALID_ID, malformed.subject().orElse(""));
    }
  }

  /** Turns every error of the vendor into its 404; failures of this server stay. */
  private static <T> Future<T> asPageNotFound(Future<T> found) {
    return found.recover(
        thrown -> Future.failedFuture(isVendorsError(thrown) ? newNoSuchPageException() : thrown));
  }

  private static boolean isVendorsError(Throwable thrown) {
    var reason = Failure.from(thrown).reason();
    return thrown instanceof VendorErrorException
        || reason == Reason.FORBIDDEN
        || reason == Reason.NO_SUCH_ORGANIZATION;
  }

  private static VendorErrorException newNoSuchPageException() {
    return InfluxErrors.NO_SUCH_PAGE.newException(Reason.NO_SUCH_PATH);
  }
}
