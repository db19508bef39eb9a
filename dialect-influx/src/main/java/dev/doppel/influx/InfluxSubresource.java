package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import io.vertx.core.Future;

/**
 * What a path hangs below, such as the organization of a member: the server looks it up first, and
 * says of all that goes wrong that there is no such page (2.9.1: kit/transport/http/middleware.go).
 */
final class InfluxSubresource {

  private InfluxSubresource() {}

  static Future<Organization> organization(Call call, InfluxOrganizations organizations) {
    var id = id(call, "orgID");
    return squashed(
        InfluxCaller.of(call).may(InfluxPermission.org(InfluxAction.READ, InfluxId.text(id)))
            ? organizations.find(new OrganizationId(id))
            : Future.failedFuture(Failure.of(Reason.FORBIDDEN)));
  }

  static long id(Call call, String parameter) {
    try {
      return InfluxId.parse(call.parameter(parameter));
    } catch (Failure malformed) {
      throw InfluxErrors.CORRUPT_ID.newException(Reason.INVALID_ID, malformed.subject().orElse(""));
    }
  }

  /** Whatever the vendor would have said becomes its 404; what is wrong with us stays. */
  static <T> Future<T> squashed(Future<T> found) {
    return found.recover(thrown -> Future.failedFuture(said(thrown) ? noSuchPage() : thrown));
  }

  private static boolean said(Throwable thrown) {
    var reason = Failure.from(thrown).reason();
    return thrown instanceof VendorErrorException
        || reason == Reason.FORBIDDEN
        || reason == Reason.NO_SUCH_ORGANIZATION;
  }

  private static VendorErrorException noSuchPage() {
    return InfluxErrors.NO_SUCH_PAGE.newException(Reason.NO_SUCH_PATH);
  }
}
